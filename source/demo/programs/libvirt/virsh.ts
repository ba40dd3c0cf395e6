import { splitWords } from '../../../core/quote.js';
import { failed, printed, type Call, type Ran } from '../program.js';
import { guestCommand } from './guests.js';
import { networkCommand } from './networks.js';
import { poolCommand } from './pools.js';

const UNREACHED = `error: failed to connect to the hypervisor
error: Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory
`;

/** Words that change something: a connection made with `-r` refuses them. */
const CHANGES =
  /^(?:shutdown|destroy|start|(?:pool|net)-(?:define|define-as|undefine|build|start|destroy|autostart))$/;

/**
 * Simulates virsh of libvirt 9.0: one command as words, or several in one word with `;` between, as
 * virsh(1) takes them.
 */
export async function virsh(call: Call): Promise<Ran> {
  const { words, readOnly } = withoutOptions(call.args);
  if (call.machine.services.get('libvirtd') === false) return failed(1, UNREACHED, '\n');
  const [only = ''] = words;
  const commands = words.length === 1 && /[ ;]/.test(only) ? commandsIn(only) : [words];
  const runs: Ran[] = [];
  for (const command of commands) runs.push(await one(call, command, readOnly));
  return {
    stdout: runs.map(({ stdout }) => stdout).join(''),
    stderr: runs.map(({ stderr }) => stderr).join(''),
    exit: runs.at(-1)?.exit ?? 0,
  };
}

/** `-r`, `-q` and `-c URI` come before the command. */
function withoutOptions(args: readonly string[]) {
  let readOnly = false;
  let at = 0;
  for (; args[at]?.startsWith('-') === true; at += 1) {
    if (args[at] === '-r' || args[at] === '--readonly') readOnly = true;
    else if (args[at] === '-c' || args[at] === '--connect') at += 1;
  }
  return { words: args.slice(at), readOnly };
}

function commandsIn(line: string): readonly (readonly string[])[] {
  return line
    .split(';')
    .map((part) => splitWords(part).map(({ word }) => word))
    .filter((words) => words.length > 0);
}

async function one(call: Call, words: readonly string[], readOnly: boolean): Promise<Ran> {
  const [command = '', ...args] = words;
  if (command === 'echo') return printed(`${args.join(' ')}\n`);
  if (readOnly && CHANGES.test(command)) {
    const says = 'operation forbidden: read only access prevents it';
    return failed(1, `error: Failed to run ${command}\nerror: ${says}\n`, '\n');
  }
  if (command.startsWith('pool-')) return poolCommand(call, command.slice(5), args);
  if (command.startsWith('net-')) return networkCommand(call, command.slice(4), args);
  return guestCommand(call, command, args);
}
