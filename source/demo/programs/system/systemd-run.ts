import { failed, printed, type Call, type Ran } from '../program.js';

/** `systemd-run --on-active=SECONDS [--unit=…] PROGRAM…`: a timer that outlives who set it. */
export function systemdRun({ args, fleet, run }: Call): Ran {
  const first = args.findIndex((arg) => !arg.startsWith('-'));
  const seconds = args
    .map((arg) => /^--on-active=(\d+)/.exec(arg)?.[1])
    .find((one) => one !== undefined);
  if (seconds === undefined || first < 0 || !run) {
    return failed(1, 'systemd-run: only --on-active= is simulated\n');
  }
  fleet.clock.after(Number(seconds) * 1000, () => void run(args.slice(first)));
  return printed('');
}
