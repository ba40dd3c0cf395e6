import type { Duplex } from 'node:stream';
import ssh2 from 'ssh2';
import type { Client, KexAlgorithm } from 'ssh2';
import type { ConnectionStep } from '../core/connection.js';
import type { HostName, Millis } from '../core/host.js';
import { clean } from '../core/text.js';
import { Login } from './auth.js';
import {
  hung,
  lasting,
  lostEarly,
  noCommonGround,
  notLetIn,
  stopped,
  tooManyTries,
  type Refusal,
} from './failures.js';
import type { HostKeys } from './host-keys.js';
import type { KeyRing } from './keys.js';
import { Patience } from './patience.js';
import type { Secrets } from './secrets.js';
import type { SshSettings } from './ssh-config.js';

/** How long sshd may take to greet and to agree on keys. */
const GREETING: Millis = 10_000;
/** A sign of life is asked for each second; `ssh-connection.ts` judges the silence. */
const KEEPALIVE: Millis = 1000;
/** With answers on a slow link behind a long output, ssh2's own count gives up only after this many. */
const KEEPALIVE_COUNT = 30;

/** What all logins share. */
export interface LoginMeans {
  readonly hostKeys: HostKeys;
  readonly keys: KeyRing;
  readonly secrets: Secrets;
  readonly identityFiles: readonly string[];
}

/** A client that is logged in, or why there is none. */
export type LoggedIn = { readonly ok: true; readonly client: Client } | Refusal;

/** One attempt at a login. */
export interface LoginAttempt {
  readonly host: HostName;
  readonly stream: Duplex;
  readonly settings: SshSettings;
  readonly steps: ConnectionStep[];
  readonly signal: AbortSignal;
  /** Told when a person is asked something. */
  readonly onAsking: () => void;
  /** What the way there complained of, should it break: a proxy command's last words. */
  readonly complaint: () => string;
}

/**
 * Logs in to the sshd at the end of a stream. ssh2's own readyTimeout counts the time that a person
 * needs for an answer, so it is off and every silence is bounded here.
 */
export async function logIn(means: LoginMeans, attempt: LoginAttempt): Promise<LoggedIn> {
  const { host, stream, settings, steps, signal } = attempt;
  const serverHostKey = await means.hostKeys.algorithms(settings);
  if (signal.aborted) return stopped(host);
  // What ended while the files were read will not say so again.
  if (stream.destroyed) return lostEarly(host, attempt.complaint(), 'before sshd greeted us');
  const client = new ssh2.Client();

  return new Promise((resolve) => {
    let over = false;
    let during = 'before sshd greeted us';
    const done = (result: LoggedIn) => {
      if (over) return;
      over = true;
      patience.end();
      signal.removeEventListener('abort', stop);
      if (!result.ok) {
        client.end();
        stream.destroy();
      }
      resolve(result);
    };
    const stop = () => done(stopped(host));
    const patience = new Patience((what, time) => done(hung(host, what, time)), attempt.onAsking);
    const login = new Login({
      host,
      settings,
      keys: means.keys,
      secrets: means.secrets,
      identityFiles: means.identityFiles,
      patience,
      giveUp: done,
    });
    signal.addEventListener('abort', stop, { once: true });

    // ssh2 may say `error` more than once, and goes on after one that an agent or a key made.
    client.on('error', (error) => {
      const says = clean(error.message);
      if (error.level === 'agent') return;
      if (/too many authentication failures/i.test(says)) done(tooManyTries(host, login.tries));
      else if (/no matching/i.test(says)) done(noCommonGround(host, says));
      else if (during === 'at the login' && error.level === 'client-authentication') {
        done(notLetIn(host, login.tries));
      } else done(lostEarly(host, attempt.complaint() || says, during));
    });
    client.on('close', () => done(lostEarly(host, attempt.complaint(), during)));
    client.on('handshake', () => {
      during = 'at the login';
    });
    client.on('ready', () => {
      steps.push({ step: 'authenticate', says: login.says });
      done({ ok: true, client });
    });

    const verifier = keyVerifier(means.hostKeys, attempt, patience, (refusal) => done(refusal));
    patience.expect(GREETING, during);
    try {
      client.connect({
        sock: stream,
        username: settings.user,
        readyTimeout: 0,
        keepaliveInterval: KEEPALIVE,
        keepaliveCountMax: KEEPALIVE_COUNT,
        algorithms: { kex: keyExchanges(settings), serverHostKey },
        hostVerifier: (blob: Buffer, verify: (accepted: boolean) => void) => {
          during = 'while keys were agreed on';
          verifier(blob, verify);
        },
        authHandler: login.handler,
      });
    } catch (error) {
      const means = error instanceof Error ? error.message : '';
      const todo = 'Look at the settings of this host in ~/.ssh/config.';
      done(lasting({ what: 'the login could not begin', where: host, means, todo }));
    }
  });
}

/** The key is decided once; when keys are agreed on again, later on, it must be the same. */
function keyVerifier(
  hostKeys: HostKeys,
  attempt: LoginAttempt,
  patience: Patience,
  refuse: (refusal: Refusal) => void,
): (blob: Buffer, verify: (accepted: boolean) => void) => void {
  const { host, settings, steps } = attempt;
  let accepted: Buffer | undefined;
  return (blob, verify) => {
    if (accepted) {
      verify(accepted.equals(blob));
      return;
    }
    patience.hold();
    hostKeys
      .decide(host, settings, blob, () => patience.asking())
      .then(
        (decision) => {
          if (decision.ok) {
            accepted = Buffer.from(blob);
            steps.push({ step: 'host key', says: decision.says });
            patience.expect(GREETING, 'after its key was accepted');
          } else {
            refuse(lasting(decision.failure));
          }
          verify(decision.ok);
        },
        () => verify(false),
      );
  };
}

/** curve25519 first: it costs 9 ms of CPU where others cost several times that. */
const KEY_EXCHANGES: readonly KexAlgorithm[] = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
  'diffie-hellman-group-exchange-sha256',
  'diffie-hellman-group14-sha256',
  'diffie-hellman-group16-sha512',
  'diffie-hellman-group18-sha512',
];

/** Only where the config asks for them: sshds before 2015 know nothing better. */
const OLD_KEY_EXCHANGES: readonly KexAlgorithm[] = [
  'diffie-hellman-group14-sha1',
  'diffie-hellman-group-exchange-sha1',
  'diffie-hellman-group1-sha1',
];

function keyExchanges({ kexAlgorithms }: SshSettings): KexAlgorithm[] {
  return [
    ...KEY_EXCHANGES,
    ...OLD_KEY_EXCHANGES.filter((algorithm) => kexAlgorithms.includes(algorithm)),
  ];
}
