import assert from 'node:assert/strict';
import type { Case, Recovery } from '../../../../source/core/recovery.js';
import type { Draft } from '../../../../source/core/wizard.js';
import { drbd } from '../../../../source/stacks/drbd/index.js';
import { assertFinished, Carried, draftOf, faultsOf } from '../../../support/carry-out.js';
import { StepClock } from '../../../support/clock.js';
import { Killed } from '../../../support/mark-host.js';
import { LivingPair } from './pair.js';

/** A clock whose time passes as soon as somebody waits for it. */
class HastyClock extends StepClock {
  override readonly after = (_ms: number, call: () => void): (() => void) => {
    const timer = setImmediate(call);
    return () => clearImmediate(timer);
  };
}

/** A run of a draft on the pair; what is waited for comes about as it is looked at. */
export function carried(plan: Draft, pair: LivingPair): Carried {
  return new Carried(plan, drbd, pair.hosts, new HastyClock());
}

/** A recovery of the stack, by its id. */
export function recovery(id: string): Recovery {
  const found = drbd.recoveries?.find((one) => one.id === id);
  assert.ok(found, id);
  return found;
}

/** Asks a recovery about the pair. */
export function ask(pair: LivingPair, id: string, subject = 'r0'): Promise<Case> {
  return recovery(id).gather(subject, pair.hosts);
}

function wayOf(found: Case, value: string) {
  const way = found.ways.find((one) => one.value === value);
  assert.ok(way, `no way ${value}: ${found.verdict}: ${found.happened}`);
  return way;
}

/** The plan of a way out. */
export function draft(found: Case, value: string) {
  return draftOf(wayOf(found, value).plan({ keepCopy: false }));
}

/** What stands against a way out. */
export function faults(found: Case, value: string): string {
  return faultsOf(wayOf(found, value).plan({ keepCopy: false })).join('\n');
}

/** The steps of a way out: host and kind. */
export function kindsOf(found: Case, value: string): readonly string[] {
  return draft(found, value).steps.map(({ host, kind }) => `${host} ${kind}`);
}

/** Kills the console at every instant of a way out and goes on; it must end as it does unharmed. */
export async function killedAnywhere(
  make: () => LivingPair,
  id: string,
  value: string,
): Promise<void> {
  const whole = make();
  let instants = 0;
  const run = carried(draft(await ask(whole, id), value), whole);
  whole.instant = () => void (instants += 1);
  assertFinished(await run.apply());
  assert.ok(instants > 1, String(instants));
  for (let at = 1; at <= instants; at += 1) {
    const pair = make();
    const broken = carried(draft(await ask(pair, id), value), pair);
    let left = at;
    pair.instant = () => {
      left -= 1;
      if (left === 0) throw new Killed();
    };
    await assert.rejects(broken.apply(), Killed);
    assertFinished(await broken.apply());
    assert.equal(pair.state, whole.state, `killed at instant ${at}`);
  }
}
