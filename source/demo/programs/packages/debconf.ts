import { answersOn } from '../../fleet/debconf.js';
import { printed, type Call, type Ran } from '../program.js';

/** `debconf-set-selections`: lines of package, question, type and answer on standard input. */
export function setSelections({ input, machine }: Call): Ran {
  for (const line of input.split('\n')) {
    const [, question, , answer = ''] = line.trim().split(/\s+/);
    if (question !== undefined) answersOn(machine).set(question, answer);
  }
  return printed('');
}

/** `debconf-show PACKAGE`: a star before what somebody answered. */
export function debconfShow({ args, machine }: Call): Ran {
  const [name = ''] = args;
  const lines = [...answersOn(machine)].filter(([question]) => question.startsWith(`${name}/`));
  return printed(lines.map(([question, answer]) => `* ${question}: ${answer}\n`).join(''));
}
