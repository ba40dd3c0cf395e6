import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, Host, Outcome, Reader } from '../../source/core/host.js';
import { quoteAll } from '../../source/core/quote.js';

interface Asked {
  readonly command: Command;
  readonly outcome: Outcome;
  readonly by: string;
}

/** What a host answers, kept as a recording: a list of commands, and each output as a file beside it. */
export class Tape {
  readonly #asked = new Map<string, Asked>();

  /**
   * A reader whose answers are kept.
   *
   * @param by who asks: a script has no other name
   */
  of(host: Host, by: string): Reader {
    return {
      name: host.name,
      run: async (command, signal) => {
        const outcome = await host.run(command, signal);
        // Who asked first gives the name; what was said last is kept.
        const key = quoteAll(command.argv);
        this.#asked.set(key, { command, outcome, by: this.#asked.get(key)?.by ?? by });
        return outcome;
      },
    };
  }

  /** Writes the folder of the host anew. Rejects where a host did not answer at all. */
  write(folder: string, about: string): void {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const names = new Set<string>();
    const put = (by: string, kind: string, text: string): string | undefined => {
      if (text === '') return undefined;
      let name = `${by}${kind}.txt`;
      for (let n = 2; names.has(name); n += 1) name = `${by}${n}${kind}.txt`;
      names.add(name);
      writeFileSync(join(folder, name), text);
      return name;
    };
    const commands = [...this.#asked.values()].map(({ command: { argv }, outcome, by }) => {
      if (outcome.kind === 'unreachable') throw new Error(`${quoteAll(argv)}: ${outcome.reason}`);
      const named = nameOf(argv, by);
      const stdout = put(named, '', outcome.stdout);
      const stderr = outcome.kind === 'exited' ? put(named, '.stderr', outcome.stderr) : undefined;
      return {
        argv,
        ...(outcome.kind === 'lost' && { hangs: true }),
        ...(outcome.kind === 'exited' && outcome.code !== 0 && { exit: outcome.code }),
        ...(stdout !== undefined && { stdout }),
        ...(stderr !== undefined && { stderr }),
      };
    });
    const list = JSON.stringify({ about, commands }, null, 2);
    writeFileSync(join(folder, 'recording.json'), `${list}\n`);
  }
}

/** `mounted.ocfs2--d`; of a script, who asked. */
function nameOf(argv: readonly string[], by: string): string {
  if (argv[0] === 'sh') return by;
  return argv
    .join('-')
    .replace(/[^\w.-]/g, '-')
    .slice(0, 60);
}
