import type { ServerChannel } from 'ssh2';
import type { Machine } from '../fleet/state.js';
import type { Ran } from '../programs/program.js';

/** What a terminal sends for keys. */
const KEY = { enter: '\r', back: '\u007f', interrupt: '\u0003', end: '\u0004', clear: '\u0015' };

/** A small interactive shell: a line is typed, run, and its output shown. */
export function promptLoop(
  channel: ServerChannel,
  machine: Machine,
  run: (line: string) => Promise<Ran>,
): void {
  const prompt = `root@${machine.name}:~# `;
  let typed = '';
  let busy = false;
  const say = (text: string) => channel.write(text.replace(/\r?\n/g, '\r\n'));
  const leave = (exit: number) => {
    channel.exit(exit);
    channel.end();
  };
  const enter = async () => {
    const line = typed.trim();
    typed = '';
    say('\n');
    if (line === 'exit' || line === 'logout') {
      leave(0);
      return;
    }
    if (line !== '') {
      busy = true;
      const ran = await run(line);
      busy = false;
      say(ran.stdout);
      say(ran.stderr);
    }
    say(prompt);
  };
  const press = (key: string) => {
    if (busy) return;
    if (key === KEY.enter || key === '\n') void enter();
    else if (key === KEY.end && typed === '') leave(0);
    else if (key === KEY.interrupt || key === KEY.clear) {
      typed = '';
      say(`^C\n${prompt}`);
    } else if (key === KEY.back && typed !== '') {
      typed = typed.slice(0, -1);
      say('\b \b');
    } else if (key >= ' ' && key !== KEY.back) {
      typed += key;
      say(key);
    }
  };
  channel.on('data', (keys: Buffer) => {
    for (const key of keys.toString()) press(key);
  });
  say(`This machine is simulated: ${machine.os}.\n${prompt}`);
}
