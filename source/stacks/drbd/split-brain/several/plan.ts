import type { HostName, Millis } from '../../../../core/host.js';
import { Steps } from '../../../../core/plan-steps.js';
import { clean, listed } from '../../../../core/text.js';
import type { Draft, Drafted } from '../../../../core/wizard.js';
import { sideJson, type SideParams } from '../../steps/side.js';
import type { Link, Resource } from '../../view.js';
import type { Choice } from '../judged.js';
import { planFor } from '../plan.js';
import { releaseOf } from '../release.js';
import type { Side } from '../side.js';
import { hasCopy } from './judge.js';

/** A victim, and the side that is kept, each as it is towards the other. */
export interface Party {
  readonly victim: Side;
  readonly survivor: Side;
}

/** What the plan is made of. */
export interface SeveralInput {
  readonly resource: Resource;
  readonly choice: Choice;
  readonly parties: readonly Party[];
  readonly keepCopy: boolean;
  /** What runs on the victims is stopped first; else it is a fault. */
  readonly stopFirst: boolean;
  readonly at: Millis;
}

/**
 * The plan that ends a split brain among several. A victim is parted from all, takes everything from the
 * survivor alone, and meets the others when it has the same data as they: to meet two at once while it
 * discards would leave it to DRBD whose data it gets.
 */
export function planSeveral(input: SeveralInput): Drafted {
  const { resource, choice, parties } = input;
  const drafted = parties.map(({ victim, survivor }) =>
    planFor({
      resource: resource.name,
      victim,
      survivor,
      keepCopy: input.keepCopy,
      at: input.at,
      ...(input.stopFirst && { release: releaseOf(victim) }),
    }),
  );
  const faults = drafted.flatMap((one) => (one.ok ? [] : one.faults));
  if (faults.length > 0) return { ok: false, faults };
  const drafts = drafted.flatMap((one) => (one.ok ? [one.draft] : []));
  const names = listed(parties.map(({ victim }) => victim.host));
  const says = (pick: (draft: Draft) => readonly string[]) => [...new Set(drafts.flatMap(pick))];
  const basis = new Map(drafts.flatMap((one) => one.basis.map((b) => [JSON.stringify(b), b])));
  return {
    ok: true,
    draft: {
      title: clean(
        `Mend the split brain of ${resource.name}: ${choice.survivor} is kept, ${names} ${parties.length === 1 ? 'gives' : 'give'} up ${parties.length === 1 ? 'its' : 'their'} changes`,
      ),
      steps: stepsOf(input, drafts).list,
      basis: [...basis.values()],
      confirmations: drafts.flatMap(({ confirmations }) => confirmations),
      loses: says(({ loses }) => loses),
      putBack: drafts[0]?.putBack ?? '',
      warnings: says(({ warnings }) => warnings),
    },
  };
}

/** One end of a connection, as steps name it. */
interface Way {
  readonly host: HostName;
  readonly link: Link;
  readonly params: SideParams;
}

function stepsOf(input: SeveralInput, drafts: readonly Draft[]): Steps {
  const steps = new Steps('one by one');
  const victims = new Set(input.parties.map(({ victim }) => victim.host));
  const ways = waysOf(input);
  const toMeet = ways.filter(
    ({ host, link }) =>
      link.peerHost !== undefined &&
      (victims.has(host) || victims.has(link.peerHost)) &&
      host !== input.choice.survivor &&
      link.peerHost !== input.choice.survivor,
  );
  const halves = drafts.map(({ steps: list }) => {
    const at = list.findIndex(({ kind }) => DISCARDING.has(kind));
    return [list.slice(0, at), list.slice(at)] as const;
  });
  const add = (list: Draft['steps']): void => {
    for (const { host, kind, params } of list) {
      steps.add(host, kind === 'drbd.connect' ? 'drbd.connect-and-meet' : kind, params);
    }
  };
  // Parted while it is Primary, a victim would begin one more history.
  for (const [before] of halves) add(before);
  partVictims(steps, toMeet, victims);
  for (const [, after] of halves) add(after);
  meetAgain(steps, [...toMeet, ...late(input, ways)], victims);
  return steps;
}

/** From here on a victim meets the survivor alone. */
const DISCARDING = new Set(['drbd.keep-copy', 'drbd.connect-discarding']);

function partVictims(steps: Steps, ways: readonly Way[], victims: ReadonlySet<HostName>): void {
  for (const way of ways) {
    if (!victims.has(way.host) || !isParted(way, ways, victims)) continue;
    const talks = way.link.state === 'in touch' ? { parts: true } : {};
    steps.add(way.host, 'drbd.disconnect', { ...sideJson(way.params), ...talks });
  }
}

/** Those that only have older data meet the survivor at the end, like everybody else. */
function late({ choice }: SeveralInput, ways: readonly Way[]): readonly Way[] {
  const older = new Set([...choice.behind, ...choice.alike]);
  return ways.filter(
    ({ host, link }) =>
      link.state !== 'in touch' &&
      ((older.has(host) && link.peerHost === choice.survivor) ||
        (host === choice.survivor && link.peerHost !== undefined && older.has(link.peerHost))),
  );
}

/** Connects both ends of what is apart by then, and waits for each once. */
function meetAgain(steps: Steps, ways: readonly Way[], victims: ReadonlySet<HostName>): void {
  const connections = new Map<string, Way>();
  for (const way of ways) {
    const { host, link, params } = way;
    const wasParted = victims.has(host) && isParted(way, ways, victims);
    if (link.state === 'standalone' || wasParted) {
      steps.add(host, 'drbd.connect', sideJson(params));
    }
    const key = [host, link.peerHost ?? ''].sort().join();
    const known = connections.get(key);
    if (!known || victims.has(host)) connections.set(key, known ?? way);
  }
  for (const { host, params } of connections.values()) {
    steps.add(host, 'drbd.wait-connected', sideJson(params));
    steps.add(host, 'drbd.wait-in-sync', sideJson(params));
  }
}

/** Whether the plan takes this end off: of two victims that talk, one end alone. */
function isParted(
  { host, link }: Way,
  ways: readonly Way[],
  victims: ReadonlySet<HostName>,
): boolean {
  if (link.state === 'standalone') return false;
  if (link.state !== 'in touch') return true;
  const other = ways.find((way) => way.host === link.peerHost && way.link.peerHost === host);
  return !(other && victims.has(other.host) && other.host < host);
}

/** All ends of all connections between sides that keep a copy. */
function waysOf({ resource, parties }: SeveralInput): readonly Way[] {
  const known = new Map(
    parties.flatMap(({ victim, survivor }) =>
      [victim, survivor].flatMap(({ host, target }) =>
        target.ok ? [[host, target.params] as const] : [],
      ),
    ),
  );
  const [any] = known.values();
  const copies = resource.replicas.filter(hasCopy);
  const hosts = new Set(copies.map(({ host }) => host));
  return copies.flatMap(({ host, links, volumes }) =>
    links.flatMap((link): readonly Way[] => {
      if (!any || link.peerHost === undefined || !hosts.has(link.peerHost)) return [];
      const minors = volumes.flatMap(({ minor }) => minor ?? []);
      const base = known.get(host) ?? { ...any, minors };
      return [{ host, link, params: { ...base, ...(link.named && { peer: link.named }) } }];
    }),
  );
}
