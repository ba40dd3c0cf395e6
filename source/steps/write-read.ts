import { createHash } from 'node:crypto';
import type { HostName } from '../core/host.js';
import type { Steps } from '../core/plan-steps.js';

/**
 * Tries a file system that several hosts have mounted: a file is written on the first, read on all
 * others, and taken away again.
 *
 * @param folder where all of them have it
 * @param token makes the file's name one that nobody has
 */
export function addWriteReadTest(
  steps: Steps,
  hosts: readonly HostName[],
  folder: string,
  token: string,
): void {
  const [first, ...others] = hosts;
  if (first === undefined) return;
  const file = `${folder}/.holdfast-test-${token}`;
  const text = `written on ${first}: ${token}`;
  const sum = createHash('sha256').update(`${text}\n`).digest('hex');
  const shows = { argv: ['sh', '-c', 'sha256sum < "$1" | cut -d" " -f1', 'sh', file], expect: sum };
  const out = ['rm', '-f', '--', file];
  steps.add(
    first,
    'command.run',
    {
      title: 'write a test file',
      on: file,
      argv: ['sh', '-c', 'printf "%s\\n" "$2" > "$1" && sync', 'sh', file, text],
      effect: 'changes',
      shows,
      undo: { says: 'take the test file away', argv: out },
    },
    steps.ends,
  );
  const written = steps.ends.slice();
  for (const name of others) {
    steps.add(name, 'look.confirm', { title: 'read the test file', on: file, shows }, written);
  }
  steps.add(
    first,
    'command.run',
    {
      title: 'take the test file away',
      on: file,
      argv: out,
      effect: 'changes',
      shows: { argv: ['sh', '-c', '[ -e "$1" ] || echo gone', 'sh', file], expect: 'gone' },
    },
    steps.ends,
  );
}
