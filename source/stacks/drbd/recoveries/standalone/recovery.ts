import type { HostName, Millis, Reader } from '../../../../core/host.js';
import type { Case, Recovery, WayOut } from '../../../../core/recovery.js';
import { clean, listed } from '../../../../core/text.js';
import type { Refusal } from '../../read/refusal.js';
import { differenceWords } from '../../read/settings.js';
import { verdictOf } from '../../verdict.js';
import type { Pair } from '../../view.js';
import { leftAlone, lookAtPair, sidesBlock, type TwoSides } from '../find-pair.js';
import { blocksOf } from './blocks.js';
import { areFilesAlike, compare, type Comparison } from './compare.js';
import { lookAtConfigs } from './look.js';
import { planFor, type SetSide } from './plan.js';

/** Two sides that would not have each other though their data agrees: their settings are compared. */
export function standaloneRecovery(clock: () => Millis): Recovery {
  return {
    id: 'drbd.standalone',
    title: 'Connect a DRBD resource that stands alone',
    says: 'Says why DRBD refused the peer where it is no split brain, compares both configurations, makes them alike and connects.',
    gather: (subject, hosts) => gather(subject, hosts, clock),
  };
}

function standsAlone({ ends }: Pair): boolean {
  return ends.some(({ link }) => link.state === 'standalone');
}

async function gather(
  subject: string,
  hosts: ReadonlyMap<HostName, Reader>,
  clock: () => Millis,
): Promise<Case> {
  const looked = await lookAtPair(subject, hosts, clock, standsAlone);
  if (!looked.ok) return looked.found;
  const { two } = looked;
  const miss = otherTrouble(two);
  if (miss) return miss;
  const [one, another] = await lookAtConfigs(two.hosts, two.resource.name);
  const [a, b] = two.sides;
  const isConnected = two.ends.every(({ link }) => link.state === 'in touch');
  if (!one.ok || !another.ok) {
    const host = one.ok ? b.host : a.host;
    const because = one.ok ? (another.ok ? '' : another.because) : one.because;
    return leftAlone(
      {
        verdict: 'configuration not read',
        happened: `${words(two)}. The configuration of ${two.resource.name} on ${host} could not be read: ${because}.`,
        todo: 'Mend that first; `drbdadm dump` says whether all is well.',
      },
      [sidesBlock(two.sides)],
    );
  }
  const sides = [
    { side: a, conf: one.found },
    { side: b, conf: another.found },
  ] as const;
  const found = compare(two.pair, one.found, another.found);
  return isConnected ? connected(two, sides, found) : judged(two, sides, found);
}

/** They talk, by what they were told once; their files may not let them the next time. */
function connected(two: TwoSides, sides: readonly [SetSide, SetSide], found: Comparison): Case {
  const { name } = two.resource;
  const blocks = blocksOf(two, sides, found);
  if (areFilesAlike(found)) {
    const happened = `The sides of ${name} are connected, and their files agree.`;
    return leftAlone({ verdict: 'healed', happened, todo: 'There is nothing to mend.' }, blocks);
  }
  return {
    verdict: found.secrets === 'differ' ? 'secrets differ' : 'files differ',
    mendable: true,
    happened: clean(
      `The sides of ${name} are connected, and their files differ: ${listed(differing(found), 6)}. After the next \`adjust\` or reboot DRBD may refuse the peer.`,
    ),
    todo: 'Which values are meant is for you to say: look at the table, and choose a side. Only the files are changed; `drbdadm adjust` brings them into effect.',
    blocks,
    ways: sides.map((side) => likeSide(two, sides, side, found)),
    choosing: 'whose settings both get',
  };
}

function words({ ends }: TwoSides): string {
  return ends.map(({ link }) => `${link.host} ${link.connection}`).join(', ');
}

/** What is no matter of settings; undefined: it may be one. */
function otherTrouble(two: TwoSides): Case | undefined {
  const { resource, pair, ends } = two;
  const { name } = resource;
  const miss = (verdict: string, happened: string, todo: string): Case =>
    leftAlone({ verdict, happened, todo }, [sidesBlock(two.sides)]);
  if (ends.every(({ link }) => link.state === 'in touch')) return undefined;
  if (!standsAlone(pair)) {
    return miss(
      'nobody stands alone',
      `${words(two)}: they try for each other.`,
      'Mend the network between them, or bring the peer up; DRBD connects by itself.',
    );
  }
  const verdict = verdictOf(pair);
  if (verdict.split) {
    return miss(
      'split brain',
      `${words(two)}. Both sides of ${name} have data of their own: it is a split brain.`,
      'Connecting would discard one side or be refused again: take `drbd.split-brain`.',
    );
  }
  if (verdict.relation === 'unrelated') {
    return miss(
      'unrelated data',
      `${words(two)}. The data of the two sides has nothing in common that is known.`,
      'One side was made anew, or points at the wrong disk. Find out which before connecting them.',
    );
  }
  if (verdict.relation === undefined) {
    return miss(
      'not known',
      `${words(two)}. The data generations of both sides could not be compared, so a split brain cannot be ruled out.`,
      `Look why \`drbdadm get-gi ${name}\` fails (a disk that is detached, no rights).`,
    );
  }
  return undefined;
}

function judged(two: TwoSides, sides: readonly [SetSide, SetSide], found: Comparison): Case {
  const blocks = blocksOf(two, sides, found);
  const { name } = two.resource;
  const told = found.line === undefined ? '' : ` DRBD refused the peer: ${found.line}.`;
  const hopeless = byHand(found.refusal);
  if (hopeless) {
    const happened = `${words(two)}.${told}`;
    return leftAlone({ verdict: hopeless.verdict, happened, todo: hopeless.todo }, blocks);
  }
  const isAlike = areFilesAlike(found);
  const differ = differing(found);
  const happened = `${words(two)}. It is no split brain: no data of ${name} is to be discarded.${told} ${
    isAlike
      ? 'The files of both sides agree.'
      : `The files of the sides differ: ${listed(differ, 6)}.`
  }`;
  return {
    verdict: verdictWord(found, isAlike),
    mendable: true,
    happened: clean(happened),
    todo: clean(todoOf(found, isAlike)),
    blocks,
    ways: isAlike
      ? [connecting(two, sides)]
      : sides.map((side) => likeSide(two, sides, side, found)),
    choosing: isAlike ? 'what is done' : 'whose settings both get',
    ...(isAlike && {
      recommended: { value: 'connect', reasons: ['the files agree, and no data differs in kind'] },
    }),
  };
}

function verdictWord({ secrets, refusal }: Comparison, isAlike: boolean): string {
  if (secrets === 'differ') return 'secrets differ';
  if (!isAlike) return 'settings differ';
  return refusal === undefined ? 'disconnected' : 'files agree by now';
}

function todoOf({ refusal }: Comparison, isAlike: boolean): string {
  if (!isAlike)
    return 'Which values are meant is for you to say: look at the table, and choose a side.';
  if (refusal === undefined) return 'Nothing speaks against connecting them.';
  return 'The kernels still had other settings when they parted: `adjust` brings the files into effect.';
}

function differing({ files, secrets }: Comparison): readonly string[] {
  const said = files.map(differenceWords);
  return secrets === 'differ' ? ['shared-secret', ...said] : said;
}

/** What no edit of a file mends. */
function byHand(refusal: Refusal | undefined): { verdict: string; todo: string } | undefined {
  switch (refusal?.kind) {
    case 'versions':
      return {
        verdict: 'versions do not fit',
        todo: 'The drivers have no protocol in common: bring the older side to a version that talks to the other (8.4 talks to 8.3 and 9, 9 not to 8.3).',
      };
    case 'size':
      return {
        verdict: 'disk too small',
        todo: 'The disk beneath one side is smaller than the device: give it at least the size of the other (`lvextend`), then connect.',
      };
    case 'node id':
      return {
        verdict: 'node ids differ',
        todo: 'The files number the nodes differently. A node id lies in the metadata as well: set the file to the id that `drbdadm dump-md` shows.',
      };
    case 'unrelated data':
      return {
        verdict: 'unrelated data',
        todo: 'One side was made anew, or points at the wrong disk. Find out which before connecting them.',
      };
    case 'setting':
    case 'secret':
    case 'no authentication':
    case 'other':
    case undefined:
      return undefined;
  }
}

function connecting(two: TwoSides, sides: readonly [SetSide, SetSide]): WayOut {
  return {
    value: 'connect',
    says: 'Bring the files into effect on both sides, and connect.',
    loses: [],
    plan: () => planFor({ two, sides, model: undefined }),
  };
}

function likeSide(
  two: TwoSides,
  sides: readonly [SetSide, SetSide],
  model: SetSide,
  { secrets }: Comparison,
): WayOut {
  const also =
    secrets === 'differ' && model.conf.mark !== null ? ', with a new secret on both' : '';
  return {
    value: model.side.host,
    says: clean(`Both sides as ${model.side.host} has it${also}, then connect.`),
    loses: [],
    plan: () => planFor({ two, sides, model }),
  };
}
