import { failed, printed, type Call, type Ran } from '../program.js';

/**
 * `systemd-run --on-active=SECONDS [--unit=…] PROGRAM…`: a timer that outlives who set it,
 * and no reboot.
 */
export function systemdRun({ args, fleet, machine, run }: Call): Ran {
  const first = args.findIndex((arg) => !arg.startsWith('-'));
  const seconds = args
    .map((arg) => /^--on-active=(\d+)/.exec(arg)?.[1])
    .find((one) => one !== undefined);
  if (seconds === undefined || first < 0 || !run) {
    return failed(1, 'systemd-run: only --on-active= is simulated\n');
  }
  const { bootId } = machine;
  fleet.clock.after(Number(seconds) * 1000, () => {
    if (machine.bootId === bootId && machine.reach !== 'dead') void run(args.slice(first));
  });
  return printed('');
}
