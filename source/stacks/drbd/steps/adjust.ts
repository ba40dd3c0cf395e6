import type { Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { linesOf, listed } from '../../../core/text.js';
import { filtered } from '../read/hidden.js';
import { devicesOf, drbdadm, lookAtSide, sideSchema, type SideParams } from './side.js';

const command = ({ resource }: SideParams) => drbdadm('changes', 'adjust', resource);

/** What `adjust` may come down to here: the connection and options. Nothing that moves a disk. */
const HARMLESS: ReadonlySet<string> = new Set([
  'connect',
  'net-options',
  'disk-options',
  'resource-options',
  'peer-device-options',
  'new-peer',
  'new-path',
  'del-path',
  'del-peer',
]);

/**
 * Brings the configuration files into effect where a resource stands alone, which connects it: `adjust`
 * does so without a word. What else it would do is asked first (`drbdadm -d`), and where a disk would be
 * attached, detached or resized it is refused.
 */
export const adjust = defineStep<SideParams>({
  id: 'drbd.adjust',
  params: sideSchema,
  effect: () => 'changes',
  touches: devicesOf,
  tell: ({ resource }) => ({ title: 'bring its file into effect, and connect', on: resource }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(command(params).argv)] }),
  check,
  commands: (params) => [command(params)],
  undo: () => ({
    kind: 'impossible',
    because: 'the sides stay connected: to part them again would put nothing back',
  }),
});

async function check(host: Reader, params: SideParams): Promise<Verdict> {
  const look = await lookAtSide(host, params);
  if (!look.ok) return { kind: 'cannotTell', because: look.because };
  switch (look.side.link) {
    case 'in touch':
    case 'waiting':
    case 'broken':
      return { kind: 'done' };
    case 'standalone':
      return mayAdjust(host, params);
    case 'unconfigured':
    case 'unknown':
      return {
        kind: 'cannotTell',
        because: `its connection is ${look.side.connection}, which is not known here`,
      };
  }
}

/** Whether `adjust` would do nothing but what is harmless, and these. */
export async function mayAdjust(
  host: Reader,
  { resource }: SideParams,
  also: readonly string[] = [],
): Promise<Verdict> {
  // The whole line of a `connect` has the secret in it: its first words say enough.
  const outcome = await host.run(
    filtered('{ print $1, $2 }', ['drbdadm', '-d', 'adjust', resource]),
  );
  if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
  if (outcome.code !== 0) {
    const said = linesOf(outcome.stderr)[0]?.trim() ?? `drbdadm ended with ${outcome.code}`;
    return { kind: 'cannotTell', because: `drbdadm does not take its file: ${said}` };
  }
  const would = linesOf(outcome.stdout).flatMap((line) => {
    const [, tool, word] = /^(drbd(?:setup|meta)\S*)\s+(\S+)/.exec(line.trim()) ?? [];
    if (tool === undefined || word === undefined) return [];
    return tool.startsWith('drbdsetup') && (HARMLESS.has(word) || also.includes(word))
      ? []
      : [`${tool} ${word}`];
  });
  if (would.length === 0) return { kind: 'notYet' };
  const because = `its file differs in more than options: \`drbdadm adjust\` would run ${listed(would)}`;
  return { kind: 'refused', because };
}
