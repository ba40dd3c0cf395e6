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

/** One way for all of them: the same host gives way everywhere. */
export function wayForAll(all: readonly SplitResource[], victim: HostName, at: Millis): WayOut {
  const pairs = all.flatMap(({ name, sides }) => {
    const loser = sides.find(({ host }) => host === victim);
    const keeper = sides.find(({ host }) => host !== victim);
    return loser && keeper ? [{ resource: name, victim: loser, survivor: keeper }] : [];
  });
  const loses = pairs.flatMap(({ resource, victim: loser, survivor }) =>
    losesAnything(loser) ? losses(loser, survivor).map((one) => clean(`${resource}: ${one}`)) : [],
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
    plan: ({ keepCopy }) =>
      joined(
        pairs.map((pair) => ({
          resource: pair.resource,
          drafted: planFor({ ...pair, keepCopy, at }),
        })),
        victim,
      ),
  };
}

interface Part {
  readonly resource: string;
  readonly drafted: Drafted;
}

/** All are connected first, and then waited for: no resync waits for the end of another. */
function joined(parts: readonly Part[], victim: HostName): Drafted {
  const faults = parts.flatMap(({ resource, drafted }) =>
    drafted.ok
      ? []
      : drafted.faults.map((fault) => ({ ...fault, says: clean(`${resource}: ${fault.says}`) })),
  );
  if (faults.length > 0) return { ok: false, faults };
  const drafts = parts.flatMap(({ drafted }) => (drafted.ok ? [drafted.draft] : []));
  const steps = new Steps('one by one');
  const halves = drafts.map(({ steps: list }) => {
    const at = list.findIndex(({ kind }) => kind === 'drbd.wait-in-sync');
    return [list.slice(0, at), list.slice(at)] as const;
  });
  for (const half of [0, 1] as const) {
    for (const one of halves)
      for (const { host, kind, params } of one[half]) steps.add(host, kind, params);
  }
  const accepts = drafts.flatMap(({ confirmations }) => confirmations.map((one) => one.accepts));
  return {
    ok: true,
    draft: jointDraft(parts, drafts, steps, { word: victim, accepts: accepts.join(' ') }),
  };
}

function jointDraft(
  parts: readonly Part[],
  drafts: readonly Draft[],
  steps: Steps,
  confirmation: Draft['confirmations'][number],
): Draft {
  const of = (resource: string, says: readonly string[]) =>
    says.map((one) => clean(`${resource}: ${one}`));
  const told = (pick: (draft: Draft) => readonly string[]) =>
    drafts.flatMap((draft, index) => of(parts[index]?.resource ?? '', pick(draft)));
  return {
    title: `Mend the split brain of ${listed(
      parts.map(({ resource }) => clean(resource)),
      6,
    )}: ${confirmation.word} gives up its changes`,
    steps: steps.list,
    basis: drafts.flatMap(({ basis }) => basis),
    confirmations: [confirmation],
    loses: told(({ loses }) => loses),
    putBack: drafts[0]?.putBack ?? '',
    warnings: told(({ warnings }) => warnings),
  };
}
