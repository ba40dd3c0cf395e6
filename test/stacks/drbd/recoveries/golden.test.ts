import { test } from 'node:test';
import { drbd } from '../../../../source/stacks/drbd/index.js';
import { assertGolden, reviewOf } from '../../../support/carry-out.js';
import { LivingPair, type Node } from './pair.js';
import { ask, draft } from './support.js';

/** Each way out of the recoveries of a single side, on a pair that is so. */
const PLANS: readonly {
  readonly recovery: string;
  readonly way: string;
  readonly nodes: Readonly<Record<'fiori' | 'torchio', Partial<Node>>>;
}[] = [
  {
    recovery: 'drbd.peer-lost',
    way: 'bring-back-primary',
    nodes: { fiori: {}, torchio: { up: false, module: false } },
  },
  {
    recovery: 'drbd.peer-lost',
    way: 'replace',
    nodes: { fiori: {}, torchio: { up: false, holds: [], generation: null } },
  },
  {
    recovery: 'drbd.peer-lost',
    way: 'promote',
    nodes: { fiori: { role: 'Secondary' }, torchio: { reached: false, up: false } },
  },
  {
    recovery: 'drbd.disk-failed',
    way: 'attach',
    nodes: { fiori: { disk: 'Diskless' }, torchio: {} },
  },
  {
    recovery: 'drbd.disk-failed',
    way: 'renew',
    nodes: { fiori: { disk: 'Diskless', holds: [] }, torchio: {} },
  },
  {
    recovery: 'drbd.outdated',
    way: 'bring-back',
    nodes: { fiori: { up: false }, torchio: { disk: 'Outdated' } },
  },
  {
    recovery: 'drbd.outdated',
    way: 'force',
    nodes: { fiori: { up: false, reached: false }, torchio: { disk: 'Outdated' } },
  },
];

for (const { recovery, way, nodes } of PLANS) {
  test(`${recovery}, ${way}: the plan says every command, as it was reviewed once`, async () => {
    const pair = new LivingPair();
    if (recovery === 'drbd.disk-failed') {
      pair.nodes.torchio.generation = pair.nodes.fiori.generation;
    }
    Object.assign(pair.nodes.fiori, nodes.fiori);
    Object.assign(pair.nodes.torchio, nodes.torchio);
    const plan = draft(await ask(pair, recovery), way);
    const text = [
      plan.title,
      ...reviewOf(plan, drbd),
      ...plan.loses.map((one) => `loses: ${one}`),
      ...plan.confirmations.map(({ word, accepts }) => `type ${word}: ${accepts}`),
      `put back: ${plan.putBack}`,
      ...plan.warnings,
      '',
    ];
    const name = `${recovery.replace('drbd.', '')}-${way}.plan.txt`;
    const folder = '../../../../../test/stacks/drbd/recoveries/plans/';
    assertGolden(new URL(folder + name, import.meta.url), text.join('\n'));
  });
}
