import type { Connection } from '../core/connection.js';
import type { Failure } from '../core/failure.js';
import type { HostName, Millis } from '../core/host.js';
import { clean } from '../core/text.js';
import { duration } from '../core/units.js';
import type { Channels } from './channels.js';
import { gone } from './failures.js';
import type { Way } from './route.js';
import { shellHost } from './runner.js';
import type { Shell } from './shell.js';

/** While hosts are watched, one that is gone must be told soon. */
const SILENCE: Millis = 5000;
const LOOK: Millis = 1000;

/**
 * Makes a connection of a way that is logged in. A peer that sends not one byte for so long as
 * `silence`, though it is asked for one each second, is gone.
 */
export function sshConnection(
  name: HostName,
  way: Way,
  channels: Channels,
  shell: Shell,
  silence: Millis = SILENCE,
): Connection {
  const { client, stream } = way;
  let failure: Failure | undefined;
  let closed = false;
  const listeners: ((failure: Failure) => void)[] = [];

  const end = (says: string) => {
    if (closed || failure) return;
    failure = gone(name, says);
    stopWatch();
    channels.lose(`the connection was lost: ${says}`);
    way.close();
    stream.destroy();
    for (const listener of listeners) listener(failure);
  };
  client.on('error', (error) => end(clean(error.message)));
  client.on('close', () => end('the host closed it'));
  const stopWatch = watchSilence(stream, silence, () =>
    end(`the host has been silent for ${duration(silence / 1000)}`),
  );

  return {
    host: shellHost(name, shell),
    onGone: (listener) => {
      if (failure) {
        const was = failure;
        queueMicrotask(() => listener(was));
      } else {
        listeners.push(listener);
      }
    },
    close: () => {
      if (closed || failure) return;
      closed = true;
      stopWatch();
      channels.lose('the connection was closed from here');
      way.close();
    },
  };
}

/**
 * Calls `silent` when nothing was received for a while. A look that comes late itself (the process
 * was stopped by Ctrl-Z, the machine slept) proves nothing: what was sent meanwhile is yet unread.
 */
function watchSilence(stream: Way['stream'], silence: Millis, silent: () => void): () => void {
  let heard = Date.now();
  let looked = heard;
  stream.on('data', () => {
    heard = Date.now();
  });
  const timer = setInterval(() => {
    const now = Date.now();
    if (now - looked > 2 * LOOK) heard = now;
    looked = now;
    if (now - heard >= silence) silent();
  }, LOOK);
  return () => clearInterval(timer);
}
