import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Host, HostName, Outcome } from '../core/host.js';
import { quoteAll } from '../core/quote.js';

/**
 * A recording of one host: a folder with `recording.json`, which says what was run and how it
 * ended, and beside it the outputs as plain files, so that each can be read by `holdfast inspect`.
 */
const recordingSchema = z.strictObject({
  /** Where it was recorded, in words: versions, kernel, what was going on. */
  about: z.string(),
  commands: z.array(
    z.strictObject({
      argv: z.array(z.string()).min(1),
      exit: z.number().int().default(0),
      /** Names of files in the same folder; left out: nothing was printed. */
      stdout: z.string().optional(),
      stderr: z.string().optional(),
      /** It never ended while it was watched. */
      hangs: z.boolean().default(false),
    }),
  ),
});

/** A recording's list of commands. */
export type Recording = z.infer<typeof recordingSchema>;

/** Reads the list of a recording's folder. Rejects with what is wrong with it. */
export async function readRecording(folder: string): Promise<Recording> {
  const text = await readFile(join(folder, 'recording.json'), 'utf8');
  return recordingSchema.parse(JSON.parse(text));
}

/** A host that answers from a recording. What was not recorded is answered as not installed. */
export async function recordedHost(name: HostName, folder: string): Promise<Host> {
  const { commands } = await readRecording(folder);
  const byArgv = new Map(commands.map((command) => [quoteAll(command.argv), command]));
  const text = (file: string | undefined): Promise<string> =>
    file === undefined ? Promise.resolve('') : readFile(join(folder, file), 'utf8');

  return {
    name,
    run: async ({ argv, deadline }): Promise<Outcome> => {
      const found = byArgv.get(quoteAll(argv));
      if (!found) {
        const stderr = `${argv[0] ?? ''}: not in the recording\n`;
        return { kind: 'exited', code: 127, stdout: '', stderr };
      }
      const [stdout, stderr] = await Promise.all([text(found.stdout), text(found.stderr)]);
      if (found.hangs) {
        const reason = `no answer in ${Math.round(deadline / 1000)} s`;
        return { kind: 'lost', why: 'deadline', reason, stdout };
      }
      return { kind: 'exited', code: found.exit, stdout, stderr };
    },
  };
}
