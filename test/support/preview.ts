import { questionQueue } from '../../source/engine/questions.js';
import { openConsole } from '../../source/ui/index.js';
import { NOW, aWorld } from './world.js';
import { fakeWatch } from './watch.js';

/**
 * The console on a world made by hand, in the real terminal: `node build/test/support/preview.js`.
 * With the word `ask` a host key question waits from the beginning.
 */
const { asker, store } = questionQueue();
const started = Date.now();

/** The world as if it had been made just now. */
function freshWorld(cluster: string): ReturnType<typeof aWorld> {
  const shift = started - NOW;
  const world = aWorld({ cluster });
  return {
    ...world,
    at: started,
    problems: world.problems.map((problem) => ({ ...problem, since: problem.since + shift })),
    events: world.events.map((event) => ({ ...event, at: event.at + shift })),
    log: world.log.map((entry) => ({ ...entry, at: entry.at + shift })),
  };
}

if (process.argv.includes('ask')) {
  const question = { host: 'kvm-9', target: '[10.0.0.19]:2222', type: 'ssh-ed25519' };
  void asker.hostKey({
    ...question,
    fingerprint: 'SHA256:0Jf0Jq4oGkq3T5bY0d1eUqv0m3m2Yx9sB7bQe3T1l2A',
  });
  void asker.secret({ host: 'kvm-8', kind: 'sudo', prompt: 'password for sudo', attempt: 1 });
}

await openConsole({
  version: '0.1.0',
  clusters: ['main', 'branch office'],
  cluster: 'main',
  open: (cluster) => fakeWatch(freshWorld(cluster), Date.now),
  questions: store,
  simulated: {
    says: 'This fleet is simulated.',
    incidents: [
      {
        id: 'split',
        title: 'split r1',
        says: 'both sides write while the link is down',
        run: () => undefined,
      },
      {
        id: 'path',
        title: 'pull a path of kvm-2',
        says: 'one of two paths goes away',
        run: () => undefined,
      },
    ],
  },
  shell: (host) =>
    host === 'kvm-9'
      ? { refused: 'kvm-9 is not connected' }
      : { argv: ['sh', '-c', `echo a shell on ${host}; sleep 1`] },
});
