import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Now, type HostState, type Reading } from '../../source/core/probe.js';
import { assemble } from '../../source/engine/watch/assemble.js';
import { Problems } from '../../source/engine/watch/problems.js';
import { stacks } from '../../source/stacks/index.js';
import { ShellFleet } from '../support/shell-fleet.js';

const HOSTS = ['kvm-1', 'kvm-2'];
const asked = stacks.filter(({ id }) => ['drbd', 'libvirt', 'disks'].includes(id));

/** What the console sees of the DRBD pair. */
async function seen(scenario: string) {
  const box = await ShellFleet.start(scenario);
  box.fleet.advance(20_000);
  const probes = asked.flatMap((stack) => stack.probes);
  const readings: Reading<unknown>[] = [];
  for (const host of HOSTS) {
    for (const probe of probes) {
      const answer = await probe.read(box.host(host));
      const base = { probe, host, asked: [], at: 1 };
      readings.push(
        answer.kind === 'value'
          ? { ...base, kind: 'fresh', value: answer.value, unread: answer.unread }
          : { ...base, ...answer },
      );
    }
  }
  const states = HOSTS.map((name): HostState => {
    return { name, target: name, phase: 'up', since: 0, stacks: asked.map(({ id }) => id) };
  });
  return assemble(new Now(1, states, readings), asked, new Problems());
}

test('a split resource says which guests it carries: DRBD knows none, libvirt knows no DRBD', async () => {
  const { stacks: views, problems } = await seen('split-brain');
  const carries = (stack: string, row: string): string | undefined => {
    const rows = views.find(({ id }) => id === stack)?.drawing.rows ?? [];
    const blocks = rows.find(({ id }) => id === row)?.details().blocks ?? [];
    const facts = blocks.flatMap((block) => (block.kind === 'facts' ? block.rows : []));
    return facts.find(({ label }) => label === 'carries')?.value.text;
  };
  assert.equal(carries('drbd', 'r0'), '5 guests: backup, db-test, mail, web-1 and web-2');
  assert.equal(carries('drbd', 'r1'), undefined);
  assert.equal(carries('disks', 'disks.fs:kvm-2/drbd0'), '2 guests: db-test and mail');
  const split = problems.find(({ finding }) => finding.code === 'DRBD_SPLIT_BRAIN');
  assert.deepEqual(split?.guests, ['backup', 'db-test', 'mail', 'web-1', 'web-2']);
});
