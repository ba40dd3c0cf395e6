import { chmod, mkdir, open, readdir, readFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { journalLineSchema, type JournalLine } from '../../core/journal.js';
import { claimRun, isClaimed } from './claim-run.js';
import { runState, type RunState } from './run-state.js';

/** Where a run writes down what it does, before and after it does it. */
export interface Journal {
  /** Resolves once the line is on the disk. */
  readonly write: (line: JournalLine) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A journal that cannot be read: what of it can, and what is wrong. */
export interface JournalText {
  readonly lines: readonly JournalLine[];
  /** Lines that are not of the format, other than a last one torn by a crash. */
  readonly unread: readonly string[];
}

/** The journals of all runs, a file each, in one folder (0700; the files 0600). */
export class JournalFolder {
  constructor(readonly folder: string) {}

  /**
   * Opens a run's journal for writing at its end; made if it is not there. Only one process has it
   * open at a time.
   *
   * @throws FailureError when another process carries the run out
   */
  async open(run: string): Promise<Journal> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await chmod(this.folder, 0o700);
    const giveBack = await claimRun(this.#claim(run), run);
    try {
      const handle = await open(this.#path(run), 'a', 0o600);
      await mendTornEnd(handle, this.#path(run));
      await syncFolder(this.folder);
      return {
        write: async (line) => {
          await handle.appendFile(`${JSON.stringify(line)}\n`);
          await handle.sync();
        },
        close: async () => {
          await handle.close();
          await giveBack();
        },
      };
    } catch (error) {
      await giveBack();
      throw error;
    }
  }

  /** Whether a process carries the run out at this moment. */
  isRunning(run: string): Promise<boolean> {
    return isClaimed(this.#claim(run));
  }

  /** What a run wrote down, or undefined where there is no such run. */
  async read(run: string): Promise<RunState | undefined> {
    const text = await readFile(this.#path(run), 'utf8').catch(() => undefined);
    return text === undefined ? undefined : runState(parseJournal(text).lines);
  }

  /** All runs, the newest first. */
  async all(): Promise<readonly RunState[]> {
    const states = await Promise.all((await this.#names()).map((run) => this.read(run)));
    return states
      .filter((state) => state !== undefined)
      .sort((a, b) => b.begunAt.localeCompare(a.begunAt));
  }

  /** The files that should be journals and do not begin with a plan. */
  async unreadable(): Promise<readonly string[]> {
    const names = await this.#names();
    const states = await Promise.all(names.map((run) => this.read(run)));
    return names.filter((_, index) => states[index] === undefined).map((run) => this.#path(run));
  }

  async #names(): Promise<readonly string[]> {
    const files = await readdir(this.folder).catch(() => []);
    return files
      .filter((file) => file.endsWith(SUFFIX))
      .map((file) => file.slice(0, -SUFFIX.length));
  }

  #path(run: string): string {
    return join(this.folder, `${safeName(run)}${SUFFIX}`);
  }

  #claim(run: string): string {
    return join(this.folder, `${safeName(run)}.claim`);
  }
}

const SUFFIX = '.jsonl';

/** A run's name comes from the command line: it must not lead out of the folder. */
export function safeName(run: string): string {
  return run.replace(/[^A-Za-z0-9_-]/g, '');
}

/** Reads a journal's text. The last line may be torn by a crash: what it was to say is not known. */
export function parseJournal(text: string): JournalText {
  const lines: JournalLine[] = [];
  const unread: string[] = [];
  for (const raw of text.split('\n')) {
    if (raw === '') continue;
    const line = parseLine(raw);
    if (line) lines.push(line);
    else unread.push(raw);
  }
  return { lines, unread };
}

function parseLine(raw: string): JournalLine | undefined {
  try {
    return journalLineSchema.safeParse(JSON.parse(raw)).data;
  } catch {
    return undefined;
  }
}

/** A line torn by a crash would swallow the next one: it gets its end. */
async function mendTornEnd(handle: FileHandle, path: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  if (text === '' || text.endsWith('\n')) return;
  await handle.appendFile('\n');
  await handle.sync();
}

/** A new file's name must survive a power cut as its lines do. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
