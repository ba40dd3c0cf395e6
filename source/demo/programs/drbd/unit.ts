import { unload } from '../../fleet/modules.js';
import { upOn } from '../../fleet/drbd/side.js';
import { startDrbd, takeDown } from '../../fleet/drbd/up.js';
import { failed, printed, type Call, type Ran } from '../program.js';

/** What the unit drbd does: all resources up, or all down and the module gone. */
export function drbdUnit({ args, fleet, machine }: Call): Ran {
  const [verb] = args;
  if (verb === 'stop' || verb === 'restart') {
    for (const { resource, self } of upOn(fleet, machine.name)) {
      const refusal = takeDown(fleet, resource, self);
      if (refusal) return failed(1, `${resource.name}: State change failed: ${refusal.says}\n`);
    }
    unload(machine, 'drbd');
  }
  if (verb === 'start' || verb === 'restart') startDrbd(fleet, machine.name);
  machine.services.set('drbd', verb !== 'stop');
  return printed('');
}
