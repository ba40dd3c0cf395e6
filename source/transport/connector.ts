import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Asker } from '../core/ask.js';
import type { Connected, ConnectionStep, Connector } from '../core/connection.js';
import type { HostEntry } from '../core/fleet.js';
import type { Millis } from '../core/host.js';
import { becomeRoot } from './become.js';
import { Channels } from './channels.js';
import { lasting, stopped, type Refusal } from './failures.js';
import { Gate } from './gate.js';
import { HostKeys } from './host-keys.js';
import { KeyRing } from './keys.js';
import { LocalShell } from './local.js';
import { expandHome } from './paths.js';
import { recordedHost } from './recorded.js';
import { Routes, type Way } from './route.js';
import { shellHost } from './runner.js';
import { Secrets } from './secrets.js';
import { sshConnection } from './ssh-connection.js';
import { SshConfig } from './ssh-config.js';

/** How hosts are reached. */
export interface ConnectorOptions {
  readonly asker: Asker;
  /** Given to `ssh -G -F`; left out: the user's own. */
  readonly sshConfigFile?: string;
  /** Beyond what OpenSSH's config says, and used where `ssh` is not installed too. */
  readonly identityFiles?: readonly string[];
  /** The only known_hosts file, instead of the user's and the system's. */
  readonly knownHostsFile?: string;
  /** The folder that addresses of `via: 'recorded'` are resolved in. */
  readonly recordings: string;
}

/** Logins at a time: many at once overrun an sshd's MaxStartups, and our own processor. */
const AT_A_TIME = 12;
/** Tries of a login that was cut off before sshd greeted us. */
const TRIES = 3;

/** Makes connections over SSH, to this machine, and to recordings. */
export function createConnector(options: ConnectorOptions): Connector {
  const secrets = new Secrets(options.asker);
  const routes = new Routes(new SshConfig(options.sshConfigFile), {
    hostKeys: new HostKeys(options.asker, options.knownHostsFile),
    keys: new KeyRing(secrets),
    secrets,
    identityFiles: (options.identityFiles ?? []).map(expandHome),
  });
  const gate = new Gate(AT_A_TIME);

  return {
    connect: (entry, signal, silence) => {
      // One signal may end the connecting of a whole fleet.
      setMaxListeners(0, signal);
      switch (entry.via) {
        case 'ssh':
          return connectSsh({ entry, signal, silence }, routes, secrets, gate);
        case 'local':
          return connectLocal(entry, signal, secrets);
        case 'recorded':
          return connectRecorded(entry, join(options.recordings, entry.address));
      }
    },
  };
}

/** What is asked of a connector. */
interface Wish {
  readonly entry: HostEntry;
  readonly signal: AbortSignal;
  readonly silence: Millis | undefined;
}

async function connectSsh(
  wish: Wish,
  routes: Routes,
  secrets: Secrets,
  gate: Gate,
): Promise<Connected> {
  const { entry, signal } = wish;
  for (let attempt = 1; ; attempt += 1) {
    const steps: ConnectionStep[] = [];
    const leave = await gate.enter(signal);
    const way = signal.aborted
      ? stopped(entry.name)
      : await travel(entry, signal, routes, steps, leave);
    leave();
    if (way.ok) return settle(wish, way, secrets, steps);
    if (way.again !== true || attempt >= TRIES || signal.aborted) return refused(way, steps);
    // Not all at the same moment again.
    await pause(100 + Math.random() * 400 * attempt, undefined, { signal }).catch(() => undefined);
  }
}

function travel(
  entry: HostEntry,
  signal: AbortSignal,
  routes: Routes,
  steps: ConnectionStep[],
  onAsking: () => void,
): Promise<Way | Refusal> {
  const { name: host, address, port, user } = entry;
  const target = {
    address,
    ...(port !== undefined && { port }),
    ...(user !== undefined && { user }),
  };
  return routes.connect({ host, target, steps, signal, onAsking });
}

async function settle(
  { entry, signal, silence }: Wish,
  way: Way,
  secrets: Secrets,
  steps: ConnectionStep[],
): Promise<Connected> {
  const channels = new Channels(way.client);
  const lose = () => channels.lose('the connection was lost');
  way.client.once('close', lose);
  way.client.once('error', lose);
  const who = `${way.settings.user}@${way.settings.alias}`;
  const became = await becomeRoot(entry, channels, who, secrets, signal);
  if (!became.ok || signal.aborted) {
    way.close();
    return became.ok ? refused(stopped(entry.name), steps) : refused(became, steps);
  }
  if (entry.become !== 'none') steps.push({ step: 'become root', says: became.says });
  const connection = sshConnection(entry.name, way, channels, became.shell, silence);
  return { ok: true, connection, steps };
}

async function connectLocal(
  entry: HostEntry,
  signal: AbortSignal,
  secrets: Secrets,
): Promise<Connected> {
  const local = new LocalShell();
  const steps: ConnectionStep[] = [{ step: 'connect', says: 'this machine' }];
  const became = await becomeRoot(entry, local, 'this machine', secrets, signal);
  if (!became.ok || signal.aborted) {
    local.close();
    return became.ok ? refused(stopped(entry.name), steps) : refused(became, steps);
  }
  if (entry.become !== 'none') steps.push({ step: 'become root', says: became.says });
  const host = shellHost(entry.name, became.shell);
  const connection = { host, onGone: () => undefined, close: () => local.close() };
  return { ok: true, connection, steps };
}

async function connectRecorded(entry: HostEntry, folder: string): Promise<Connected> {
  const steps: ConnectionStep[] = [{ step: 'connect', says: `the recording in ${folder}` }];
  try {
    const host = await recordedHost(entry.name, folder);
    const connection = { host, onGone: () => undefined, close: () => undefined };
    return { ok: true, connection, steps };
  } catch (error) {
    const failure = {
      what: 'its recording cannot be read',
      where: entry.name,
      means: error instanceof Error ? error.message : folder,
      todo: 'A recording is a folder with a `recording.json` and the outputs beside it.',
    };
    return refused(lasting(failure), steps);
  }
}

function refused({ failure, final }: Refusal, steps: readonly ConnectionStep[]): Connected {
  return { ok: false, failure, final, steps };
}
