import type { HostName, Millis, Reader } from '../../../core/host.js';
import { Steps } from '../../../core/plan-steps.js';
import type { WayOut } from '../../../core/recovery.js';
import { clean, count, listed } from '../../../core/text.js';
import type { Draft, Drafted } from '../../../core/wizard.js';
import type { View } from '../view.js';
import { judge } from './judge.js';
import { losesAnything, losses } from './losses.js';
import { planFor } from './plan.js';
import { lookCloser, type Side } from './side.js';

/** A resource that is split, with both its sides. */
export interface SplitResource {
  readonly name: string;
  readonly sides: readonly [Side, Side];
}

/** The other resources that are split between the same two hosts: one cut of a link splits them all. */
export async function splitAlike(
  view: View,
  first: SplitResource,
  hosts: ReadonlyMap<HostName, Reader>,
): Promise<readonly SplitResource[]> {
  const between = hostsOf(first.sides);
  const looked = view.resources.map(async ({ label }): Promise<readonly SplitResource[]> => {
    const judged = judge(view, label);
    if (judged.kind !== 'split' || judged.resource.name === first.name) return [];
    const [a, b] = judged.ends;
    const [hostA, hostB] = [hosts.get(a.replica.host), hosts.get(b.replica.host)];
    if (!hostA || !hostB || between !== [a.replica.host, b.replica.host].sort().join()) return [];
    const sides = await Promise.all([lookCloser(a, hostA), lookCloser(b, hostB)]);
    return [{ name: judged.resource.name, sides }];
  });
  return (await Promise.all(looked)).flat();
}

function hostsOf(sides: readonly Side[]): string {
  return sides
    .map(({ host }) => host)
    .sort()
    .join();
}

/** A resource, and which of its sides gives way. */
export interface Verdict {
  readonly resource: string;
  readonly victim: Side;
  readonly survivor: Side;
}

/** Who gives way where a host is named; undefined where it has no side. */
export function verdictFor(
  { name, sides: [a, b] }: SplitResource,
  victim: HostName,
): Verdict | undefined {
  if (a.host === victim) return { resource: name, victim: a, survivor: b };
  if (b.host === victim) return { resource: name, victim: b, survivor: a };
  return undefined;
}

/** One way for all of them: the same host gives way everywhere. */
export function wayForAll(all: readonly SplitResource[], victim: HostName, at: Millis): WayOut {
  const verdicts = all.flatMap((one) => verdictFor(one, victim) ?? []);
  const loses = verdicts.flatMap((one) =>
    losesAnything(one.victim)
      ? losses(one.victim, one.survivor).map((loss) => clean(`${one.resource}: ${loss}`))
      : [],
  );
  return {
    value: `${victim}:all`,
    says: clean(
      `${victim} gives up its changes on all ${count(all.length, 'resource')} that are split: ${listed(
        all.map(({ name }) => name),
        12,
      )}.`,
    ),
    loses,
    plan: ({ keepCopy }) => planTogether(verdicts, keepCopy, at),
  };
}

interface Part extends Verdict {
  readonly drafted: Drafted;
}

/** One plan for several resources. All are connected first, and then waited for: no resync waits for the end of another. */
export function planTogether(verdicts: readonly Verdict[], keepCopy: boolean, at: Millis): Drafted {
  const parts = verdicts.map((one): Part => ({
    ...one,
    drafted: planFor({ ...one, keepCopy, at }),
  }));
  const faults = parts.flatMap(({ resource, drafted }) =>
    drafted.ok
      ? []
      : drafted.faults.map((fault) => ({ ...fault, says: clean(`${resource}: ${fault.says}`) })),
  );
  if (faults.length > 0) return { ok: false, faults };
  const drafts = parts.flatMap(({ drafted }) => (drafted.ok ? [drafted.draft] : []));
  const steps = new Steps('one by one');
  const halves = drafts.map(({ steps: list }) => {
    const cut = list.findIndex(({ kind }) => kind === 'drbd.wait-in-sync');
    return [list.slice(0, cut), list.slice(cut)] as const;
  });
  for (const half of [0, 1] as const) {
    for (const one of halves)
      for (const { host, kind, params } of one[half]) steps.add(host, kind, params);
  }
  return { ok: true, draft: jointDraft(parts, drafts, steps) };
}

function jointDraft(parts: readonly Part[], drafts: readonly Draft[], steps: Steps): Draft {
  const told = (pick: (draft: Draft) => readonly string[]): readonly string[] =>
    drafts.flatMap((draft, index) =>
      pick(draft).map((one) => clean(`${parts[index]?.resource ?? ''}: ${one}`)),
    );
  const victims = [...new Set(parts.map(({ victim }) => victim.host))];
  const of = (host: HostName): readonly string[] =>
    parts.flatMap(({ resource, victim }) => (victim.host === host ? [clean(resource)] : []));
  const names = listed(
    parts.map(({ resource }) => clean(resource)),
    6,
  );
  const who =
    victims.length === 1
      ? `${victims[0] ?? ''} gives up its changes`
      : victims.map((host) => `${host} gives up ${listed(of(host), 6)}`).join(', ');
  return {
    title: `Mend the split brain of ${names}: ${who}`,
    steps: steps.list,
    basis: drafts.flatMap(({ basis }) => basis),
    // Whoever loses something anywhere is typed, with all that is lost there.
    confirmations: victims.map((word) => ({
      word,
      accepts: drafts
        .flatMap(({ confirmations }, index) =>
          parts[index]?.victim.host === word ? confirmations.map(({ accepts }) => accepts) : [],
        )
        .join(' '),
    })),
    loses: told(({ loses }) => loses),
    putBack: drafts[0]?.putBack ?? '',
    warnings: told(({ warnings }) => warnings),
  };
}
