import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { z } from 'zod';
import { nobody } from '../../source/core/ask.js';
import { createWatch, type Watch } from '../../source/engine/watch/watch.js';
import { stacks } from '../../source/stacks/index.js';
import { createConnector } from '../../source/transport/index.js';
import { fixturesFolder } from '../support/recordings.js';

/** A fleet of recorded hosts behind one SSH server in a process of its own. */
export interface Farm {
  readonly watch: (hosts: number) => Watch;
  readonly stop: () => void;
}

const greeting = z.object({ port: z.number(), hostKey: z.string() });

/** Starts the farm and gives watches of any number of its hosts. */
export async function startFarm(): Promise<Farm> {
  const child = fork(new URL('./farm.js', import.meta.url));
  const { port, hostKey } = greeting.parse(
    await new Promise((resolve) => child.once('message', resolve)),
  );
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  const key = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 });
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const knownHostsFile = file('known_hosts', `[127.0.0.1]:${port} ${hostKey}\n`);
  const identityFile = file('id_ecdsa', key.private);
  const sshConfigFile = file('ssh_config', `Host *\n  IdentitiesOnly yes\n  IdentityAgent none\n`);
  const options = { asker: nobody, sshConfigFile, identityFiles: [identityFile], knownHostsFile };
  return {
    watch: (count) => {
      const connector = createConnector({ ...options, recordings: fixturesFolder });
      const hosts = Array.from({ length: count }, (_, index) => {
        const about = {
          address: '127.0.0.1',
          port,
          user: 'root',
          become: 'none',
          via: 'ssh',
        } as const;
        return { name: `host-${index}`, ...about, stacks: stacks.map(({ id }) => id) };
      });
      const cluster = { name: 'bench', hosts, readOnly: true, neverTouch: [] };
      return createWatch({ cluster, stacks, connector });
    },
    stop: () => {
      child.disconnect();
      rmSync(folder, { recursive: true });
    },
  };
}

/** What one fleet costs. */
export interface FleetCost {
  readonly hosts: number;
  /** From nothing to everything read once, in ms. */
  readonly cold: number;
  /** A round over hosts that are connected: everything asked again and answered, in ms. */
  readonly warm: number;
  /** Our processor time of a warm round, in ms. */
  readonly cpu: number;
  /** What the process grew by, in bytes. */
  readonly memory: number;
}

/** Watches so many hosts: once from cold, then some rounds. */
export async function measureFleet(farm: Farm, hosts: number): Promise<FleetCost> {
  const before = process.memoryUsage().rss;
  const watch = farm.watch(hosts);
  const started = performance.now();
  watch.start();
  await until(watch, ({ complete }) => complete);
  const cold = performance.now() - started;
  const rounds: { readonly took: number; readonly cpu: number }[] = [];
  for (let round = 0; round < 5; round += 1) rounds.push(await warmRound(watch));
  const memory = process.memoryUsage().rss - before;
  watch.stop();
  const median = (pick: (round: (typeof rounds)[number]) => number): number =>
    rounds.map(pick).sort((a, b) => a - b)[2] ?? 0;
  return { hosts, cold, warm: median((r) => r.took), cpu: median((r) => r.cpu), memory };
}

async function warmRound(watch: Watch): Promise<{ took: number; cpu: number }> {
  const at = Date.now();
  const started = performance.now();
  const cpu = process.cpuUsage();
  watch.refresh();
  await until(watch, ({ readings }) =>
    readings.every((reading) => reading.kind === 'absent' || reading.at >= at),
  );
  const { user, system } = process.cpuUsage(cpu);
  return { took: performance.now() - started, cpu: (user + system) / 1000 };
}

function until(
  watch: Watch,
  holds: (world: ReturnType<Watch['store']['getState']>) => boolean,
): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe = watch.store.subscribe((world) => {
      if (!holds(world)) return;
      unsubscribe();
      resolve();
    });
  });
}
