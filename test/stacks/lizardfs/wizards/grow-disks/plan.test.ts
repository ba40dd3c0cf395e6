import { test } from 'node:test';
import { incidentsOf } from '../../../../../source/demo/fleet/incidents.js';
import { lizardfs } from '../../../../../source/stacks/lizardfs/index.js';
import { growDisks } from '../../../../../source/stacks/lizardfs/wizards/grow-disks/index.js';
import { assertGolden, reviewOf } from '../../../../support/carry-out.js';
import { ShellFleet } from '../../../../support/shell-fleet.js';

const golden = new URL(
  '../../../../../../test/stacks/lizardfs/wizards/grow-disks/plan.txt',
  import.meta.url,
);

test('the plan says every command, as it was reviewed once', async () => {
  const box = await ShellFleet.start('calm');
  incidentsOf(box.fleet)
    .find(({ id }) => id === 'disk-enlarge')
    ?.run();
  const disks = ['lfs-3:/mnt/ata-CT250MX200SSD1_15373b'];
  const plan = await box.plan(growDisks, { disks }, ['xs-1', 'lfs-3']);
  const text = [
    plan.title,
    ...reviewOf(plan, lizardfs),
    `put back: ${plan.putBack}`,
    ...plan.warnings,
    '',
  ];
  assertGolden(golden, text.join('\n'));
});
