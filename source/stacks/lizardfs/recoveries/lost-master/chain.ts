import type { Json } from '../../../../core/json.js';
import type { Basis, Confirmation } from '../../../../core/plan.js';
import { count, grouped } from '../../../../core/text.js';
import { PORTS } from '../../flavour/families.js';
import { runs } from '../../flavour/parse.js';
import { mastersAmong } from '../../tools/who-is-master.js';
import type { Steps } from '../../../../core/plan-steps.js';
import type { AdminTool, Evidence, KnownHost } from './evidence.js';
import type { Following, Target } from './followers.js';
import { behind, type Candidate, type Lost } from './judge.js';

/** What a plan that moves the master is made from. */
export interface MoveInput {
  readonly evidence: Evidence;
  readonly lost: Lost;
  readonly candidate: Candidate;
}

/** With what the new master is found by all others, whatever it was made of. */
export interface Means {
  readonly tool: AdminTool;
  readonly target: Target;
  readonly following: readonly Following[];
}

/** A host is told where the master is now. */
export function tell(steps: Steps, { host, edits, reloads }: Following, after: string): void {
  let needs = [after];
  const add = (kind: string, params: Json): void => {
    steps.add(host.name, kind, params, needs);
    needs = [steps.list.at(-1)?.id ?? after];
  };
  for (const edit of edits) {
    add('lizardfs.move-edit', { title: 'it looks for the master at its new place', edit });
  }
  for (const { service, argv, shows } of reloads) {
    add('service.action', { action: 'reload', service, argv: [...argv], shows });
  }
}

/** What shows that all of it came about: the master, its shadows, its chunkservers. */
export function waits(
  steps: Steps,
  { tool, following }: Means,
  { host, address }: Candidate,
  target: Target,
): void {
  const ends = steps.ends;
  const server = (name: string, at: string, personality: string) => ({
    host: name,
    address: at,
    port: PORTS.client,
    personality,
  });
  const shadows = following.flatMap(({ host: one }) =>
    one.personality === 'shadow' && one.name !== host.name && runs(one.flavour, 'master')
      ? [server(one.name, one.addresses[0] ?? '', 'shadow')]
      : [],
  );
  const servers = [server(host.name, address, 'master'), ...shadows];
  steps.add(host.name, 'lizardfs.wait-for-masters', { admin: tool, servers }, ends);
  const wanted = following
    .filter(({ host: one }) => runs(one.flavour, 'chunkserver'))
    .map(({ host: one }) => ({ host: one.name, addresses: [...one.addresses] }));
  if (wanted.length === 0) return;
  const place = { host: target.address, port: PORTS.client };
  steps.add(host.name, 'lizardfs.wait-for-chunkservers', { admin: tool, place, wanted });
}

/** All addresses at which a metadata server was looked for, but its own. */
export function rivalsOf({ told }: Evidence, { host }: Candidate): string[] {
  const all = [...new Set(told.map(({ address }) => address))];
  return all.filter((address) => !host.addresses.includes(address));
}

/** Every host that can ask must still find no master when the plan is carried out. */
export function basisOf({ told }: Evidence, hosts: readonly KnownHost[]): readonly Basis[] {
  const addresses = [...new Set(told.map(({ address }) => address))];
  return hosts.flatMap(({ name, tool }) =>
    tool === undefined
      ? []
      : [
          {
            host: name,
            says: 'that no master answers',
            argv: [...mastersAmong(tool, addresses)],
            expect: '',
          },
        ],
  );
}

/** What must be typed: who is surely off, and how much is lost. */
export function confirmations(lost: Lost, candidate: Candidate): readonly Confirmation[] {
  const short = behind(lost, candidate);
  const { name } = candidate.host;
  return [
    ...lost.unseen.map((word) => ({
      word,
      accepts: `${word} could not be looked at: it is surely off, and will not start as a master. If it does, there are two, and what is written to the one does not exist in the other`,
    })),
    ...(short > 0
      ? [
          {
            word: String(short),
            accepts: `${count(short, 'change')} that ${lost.newest.host} has are lost: ${name} never got them`,
          },
        ]
      : []),
  ];
}

/** What is lost for good, from the versions that are known. */
export function lossesOf(lost: Lost, candidate: Candidate): readonly string[] {
  const short = behind(lost, candidate);
  if (short === 0) return [];
  const { newest } = lost;
  const since =
    newest.at === undefined
      ? ''
      : `, the last of them made at ${new Date(newest.at * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return [
    `the newest ${grouped(short)} changes of the file system's tree, of which ${newest.host} knows (${newest.where})${since}: files made, written, renamed or deleted`,
  ];
}
