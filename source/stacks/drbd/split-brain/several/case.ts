import type { HostName, Millis, Reader } from '../../../../core/host.js';
import type { Block } from '../../../../core/pane.js';
import type { Case, WayOut } from '../../../../core/recovery.js';
import { clean, listed } from '../../../../core/text.js';
import { bytes } from '../../../../core/units.js';
import { shortUuid } from '../../generations.js';
import type { End, Replica, Resource } from '../../view.js';
import type { Choice, Judged } from '../judged.js';
import { losesAnything, losses } from '../losses.js';
import { advise, amount } from '../recommend.js';
import { releaseOf } from '../release.js';
import { lookCloser, type Side } from '../side.js';
import { hasCopy } from './judge.js';
import { planSeveral, type Party } from './plan.js';

type Several = Extract<Judged, { readonly kind: 'split of several' }>;

/** A choice with all its sides looked at. */
interface Looked {
  readonly choice: Choice;
  readonly parties: readonly Party[];
}

/** A split brain among several as a case: each choice is a way out, and each victim confirms by itself. */
export async function severalCase(
  { resource, choices }: Several,
  hosts: ReadonlyMap<HostName, Reader>,
  at: Millis,
): Promise<Case> {
  const look = closerLook(hosts);
  const looked = await Promise.all(
    choices.map(async (choice): Promise<Looked> => {
      const parties = await Promise.all(
        choice.victims.map(async ({ own, survivors }): Promise<Party | undefined> => {
          const [victim, survivor] = await Promise.all([look(own), look(survivors)]);
          return victim && survivor && { victim, survivor };
        }),
      );
      return { choice, parties: parties.flatMap((party) => party ?? []) };
    }),
  );
  const whole = looked.filter(({ choice, parties }) => parties.length === choice.victims.length);
  const advice = adviceFor(whole);
  return {
    verdict: 'split brain',
    mendable: true,
    happened: clean(story(resource, whole)),
    todo: clean(
      'because' in advice
        ? `No side is recommended: ${advice.because}. Look at the data of all, and choose.`
        : `Safest: discard what ${advice.value.replaceAll('+', ' and ')} wrote. Look at the reasons, and choose.`,
    ),
    blocks: [sidesOf(resource)],
    ways: whole.flatMap((one) => [way(resource, one, at, false), ...stopping(resource, one, at)]),
    choosing: 'who gives way',
    copies: true,
    ...('value' in advice && {
      recommended: { value: advice.value, reasons: advice.reasons.map(clean) },
    }),
  };
}

/** Looks closer at an end once, however many ways need it. */
function closerLook(hosts: ReadonlyMap<HostName, Reader>) {
  const known = new Map<End['link'], Promise<Side> | undefined>();
  return (end: End): Promise<Side> | undefined => {
    const host = hosts.get(end.replica.host);
    if (!known.has(end.link)) known.set(end.link, host && lookCloser(end, host));
    return known.get(end.link);
  };
}

function valueOf({ choice }: Looked): string {
  return choice.victims.map(({ own }) => own.replica.host).join('+');
}

function way(resource: Resource, looked: Looked, at: Millis, stopFirst: boolean): WayOut {
  const { choice, parties } = looked;
  const kept = listed([choice.survivor, ...choice.alike]);
  const victims = listed(parties.map(({ victim }) => victim.host));
  const one = parties.length === 1;
  const older =
    choice.behind.length > 0
      ? ` ${listed(choice.behind)} ${choice.behind.length === 1 ? 'is' : 'are'} brought up to date, and ${choice.behind.length === 1 ? 'loses' : 'lose'} nothing.`
      : '';
  const stops = stopFirst ? ' What runs there is stopped first.' : '';
  return {
    value: `${valueOf(looked)}${stopFirst ? ':stop-first' : ''}`,
    says: clean(
      `Keep ${kept}; ${victims} ${one ? 'gives' : 'give'} up ${one ? 'its' : 'their'} changes.${older}${stops}`,
    ),
    loses: parties.flatMap(({ victim, survivor }) =>
      losesAnything(victim) ? losses(victim, survivor).map(clean) : [],
    ),
    plan: ({ keepCopy }) => planSeveral({ resource, choice, parties, keepCopy, stopFirst, at }),
  };
}

/** Where all victims that are in use can be stopped by steps. */
function stopping(resource: Resource, looked: Looked, at: Millis): readonly WayOut[] {
  const used = looked.parties.filter(({ victim }) => victim.use.users.length > 0);
  if (used.length === 0 || used.some(({ victim }) => !releaseOf(victim))) return [];
  return [way(resource, looked, at, true)];
}

type Advice =
  { readonly value: string; readonly reasons: readonly string[] } | { readonly because: string };

/** Two parties are weighed like two sides; among three, nobody is recommended. */
function adviceFor(looked: readonly Looked[]): Advice {
  const [first, second, ...more] = looked;
  const [party] = first?.parties ?? [];
  if (!first || !second || !party || more.length > 0) {
    return { because: 'each party has data that all the others lack' };
  }
  const advice = advise(party.victim, party.survivor);
  if (advice.kind === 'none') return { because: advice.because };
  const chosen = looked.find(({ parties }) =>
    parties.some(({ victim }) => victim.host === advice.victim.host),
  );
  return chosen
    ? { value: valueOf(chosen), reasons: advice.reasons }
    : { because: 'the evidence points at a side that cannot give way alone' };
}

function story(resource: Resource, looked: readonly Looked[]): string {
  const parties = looked.map(({ choice }) => listed([choice.survivor, ...choice.alike]));
  const victims = new Map(
    looked.flatMap((one) => one.parties.map(({ victim }) => [victim.host, victim] as const)),
  );
  const amounts = [...victims.values()].map(amount);
  return `The sides of ${resource.name} lost each other, and ${parties.length} parties went on alone: ${parties.join(' – ')}. ${listed(amounts)}. DRBD refuses to connect them, and nothing is replicated between the parties until all but one give up their changes.`;
}

/** All sides next to each other, the node without a disk too. */
function sidesOf({ replicas }: Resource): Block {
  const row = (label: string, of: (replica: Replica) => string) => ({
    label,
    values: replicas.map((replica) => ({ text: clean(of(replica)) || '–' })),
  });
  return {
    kind: 'sides',
    sides: replicas.map(({ host }) => clean(host)),
    rows: [
      row('role', ({ role }) => role),
      row('disk', (replica) =>
        hasCopy(replica)
          ? replica.volumes.map(({ disk }) => disk).join(', ')
          : 'none, by intention',
      ),
      row('quorum', ({ volumes }) => quorumWord(volumes.map(({ quorum }) => quorum))),
      // A row for each peer: of three nodes a cell with two of them would be cut.
      ...replicas.map(({ host: peer }) =>
        row(`link to ${clean(peer)}`, ({ links }) => {
          return links.find((link) => (link.peerHost ?? link.peer) === peer)?.connection ?? '';
        }),
      ),
      row('data generation', generationOf),
      row('changed since', (replica) => (hasCopy(replica) ? changedOf(replica) : '')),
      row('mounted at', ({ volumes }) =>
        listed(volumes.flatMap(({ mounts }) => mounts.map(({ at }) => at))),
      ),
    ],
  };
}

function quorumWord(known: readonly (boolean | null)[]): string {
  if (known.includes(false)) return 'lost';
  return known.includes(true) ? 'yes' : '';
}

function generationOf({ links }: Replica): string {
  const found = links.flatMap(({ volumes }) =>
    volumes.flatMap(({ generations }) => generations ?? []),
  );
  return [...new Set(found.map(({ current }) => shortUuid(current)))].join(', ');
}

function changedOf({ links }: Replica): string {
  const kib = links.flatMap(({ volumes }) => volumes.flatMap((leg) => leg.outOfSyncKiB ?? []));
  return kib.length > 0 ? bytes(Math.max(...kib) * 1024) : '';
}
