import { machineCalled } from '../../fleet/rocks/storage/iscsi.js';
import { runnerOf } from '../../fleet/system.js';
import { quoteAll } from '../../../core/quote.js';
import { failed, readArguments, type Call, type Ran } from '../program.js';

/** `ssh [-n] [-o …] HOST COMMAND…` from one machine to another: their keys know each other. */
export function ssh({ args, fleet, input, signal }: Call): Ran | Promise<Ran> {
  const { words } = beforeCommand(args);
  const [name = '', ...command] = words;
  const host = name.split('@').at(-1) ?? '';
  const machine = machineCalled(fleet, host);
  if (!machine) {
    return failed(255, `ssh: Could not resolve hostname ${host}: Name or service not known\n`);
  }
  const run = runnerOf(machine);
  if (machine.reach !== 'up' || !run) {
    return failed(255, `ssh: connect to host ${host} port 22: No route to host\n`);
  }
  return run(['sh', '-c', command.join(' ')], args.includes('-n') ? '' : input, signal);
}

const VALUED = new Set(['-o', '-i', '-p', '-l', '-F']);

/** What stands behind the host is not ssh's. */
function beforeCommand(args: readonly string[]): { readonly words: readonly string[] } {
  let at = 0;
  while (args[at]?.startsWith('-') === true) at += VALUED.has(args[at] ?? '') ? 2 : 1;
  return { words: args.slice(at) };
}

/** `su USER -c LINE`: in the demo the roll's user reaches what root does. */
export function su({ args, machine, input, signal }: Call): Ran | Promise<Ran> {
  const { values } = readArguments(args, new Set(['-c', '-s']));
  const line = values.get('-c');
  const run = runnerOf(machine);
  if (line === undefined || !run) return failed(1, 'su: only -c is simulated\n');
  return run(['sh', '-c', line], input, signal);
}

/** `timeout [-k …] SECONDS COMMAND…`: ended after that much of the fleet's time, with 124. */
export async function timeout({ args, fleet, machine, input, signal }: Call): Promise<Ran> {
  const { words } = beforeCommand(args);
  const [seconds = '', ...command] = words;
  const run = runnerOf(machine);
  if (!run) return failed(127, 'timeout: no shell\n');
  const ending = new AbortController();
  const over = new Promise<Ran>((resolve) => {
    fleet.clock.after(Number(seconds.replace(/s$/, '')) * 1000, () => {
      resolve(failed(124, ''));
      ending.abort();
    });
  });
  signal.addEventListener('abort', () => ending.abort());
  return Promise.race([run([...command], input, ending.signal), over]);
}

/** `setsid`, `nohup` and `env` only start what follows. */
export function starts({ args, machine, input, signal }: Call): Ran | Promise<Ran> {
  const rest = args.filter(
    (arg, at) => !(at < args.findIndex((one) => !isSetting(one)) && isSetting(arg)),
  );
  const run = runnerOf(machine);
  return run ? run(rest, input, signal) : failed(127, `${quoteAll(rest)}: no shell\n`);
}

function isSetting(word: string): boolean {
  return /^\w+=/.test(word) || word.startsWith('-');
}
