import { chmodSync, existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import Conf from 'conf';
import { z } from 'zod';
import { codeOf, reasonOf } from '../errors.js';
import { EXIT, Stop } from '../exit.js';
import { whileLocked } from './lock.js';
import { CONFIG_VERSION, configSchema, emptyConfig, type Config } from './schema.js';

/** The configuration's file. */
export interface ConfigFile {
  readonly path: string;
  /** What is configured; nothing, if there is no file. Rejects with a `Stop`. */
  readonly load: () => Promise<Config>;
  /** What is configured at this moment; a file that cannot be read is left alone. Throws a `Stop` then. */
  readonly peek: () => Config;
  /** Reads, changes and writes in one go, so that two processes lose nothing of each other. Rejects with a `Stop`. */
  readonly update: (change: (config: Config) => Config) => Promise<Config>;
}

/**
 * Opens the configuration: that of the user, or another file. What cannot be read as one is kept
 * aside under another name and said to `warn`; see docs/decisions/0006-config-kept-aside.md.
 */
export function openConfig(options: {
  readonly file?: string | undefined;
  readonly warn: (line: string) => void;
}): ConfigFile {
  const conf = openConf(options.file);
  const bad = (why: string): Config => {
    const aside = keepAside(conf.path);
    write(conf, emptyConfig);
    options.warn(`${conf.path} could not be read as a configuration: ${why}`);
    options.warn(`It is kept as ${aside}, and an empty one was begun in its place.`);
    return emptyConfig;
  };
  const loadLocked = (): Config => {
    const read = readConfig(conf.path);
    return read.ok ? read.config : bad(read.why);
  };
  return {
    path: conf.path,
    load: async () => {
      tighten(conf.path, options.warn);
      const read = readConfig(conf.path);
      // Looked at again under the lock: another process may have mended it meanwhile.
      return read.ok ? read.config : locked(conf.path, loadLocked);
    },
    peek: () => {
      const read = readConfig(conf.path);
      if (read.ok) return read.config;
      throw new Stop(EXIT.unreadable, [
        `${conf.path} cannot be read as a configuration: ${read.why}`,
      ]);
    },
    update: (change) =>
      locked(conf.path, () => {
        const changed = change(loadLocked());
        write(conf, changed);
        return changed;
      }),
  };
}

function openConf(file: string | undefined): Conf {
  const place =
    file === undefined
      ? {}
      : { cwd: dirname(resolve(file)), configName: basename(file), fileExtension: '' };
  try {
    return new Conf({
      projectName: 'holdfast',
      projectSuffix: '',
      configFileMode: 0o600,
      // Conf only finds the place and writes; reading needs more care than throwing or emptying.
      deserialize: () => ({}),
      ...place,
    });
  } catch (error) {
    throw cannot('read', file ?? pathOf(error), error);
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw cannot('read', path, error);
  }
}

type Read =
  { readonly ok: true; readonly config: Config } | { readonly ok: false; readonly why: string };

/** Reads the file; throws a `Stop` where it must be left alone. */
function readConfig(path: string): Read {
  const text = readText(path);
  if (text === undefined) return { ok: true, config: emptyConfig };
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    return { ok: false, why: reasonOf(error) };
  }
  const version = z.looseObject({ version: z.number() }).safeParse(data);
  if (version.success && version.data.version > CONFIG_VERSION) {
    throw tooNew(path, version.data.version);
  }
  const result = configSchema.safeParse(data);
  if (result.success) return { ok: true, config: result.data };
  const issue = result.error.issues[0];
  const where = issue?.path.map(String).join('.') ?? '';
  return { ok: false, why: `${where === '' ? '' : `${where}: `}${issue?.message ?? 'invalid'}` };
}

function tooNew(path: string, version: number): Stop {
  return new Stop(EXIT.unreadable, [
    `${path} has version ${version}; this Holdfast reads up to version ${CONFIG_VERSION}.`,
    'It was written by a newer Holdfast and is left as it is. Use that one, or name another file with --config.',
  ]);
}

/** Renames the file to a name that says that it is bad and since when; gives the new name. */
function keepAside(path: string): string {
  const aside = `${path}.bad-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    throw cannot('keep aside', path, error);
  }
  return aside;
}

/** The file tells where an administrator's hosts are: nobody else needs to read it. */
function tighten(path: string, warn: (line: string) => void): void {
  if (!existsSync(path)) return;
  try {
    if ((statSync(path).mode & 0o077) === 0) return;
    chmodSync(path, 0o600);
  } catch (error) {
    warn(`${path} can be read by others, and that could not be changed: ${reasonOf(error)}`);
  }
}

function write(conf: Conf, config: Config): void {
  try {
    conf.store = { ...config };
  } catch (error) {
    throw cannot('write', conf.path, error);
  }
}

async function locked<T>(path: string, doIt: () => T): Promise<T> {
  try {
    return await whileLocked(path, doIt);
  } catch (error) {
    throw error instanceof Stop ? error : cannot('write', path, error);
  }
}

function cannot(what: 'read' | 'write' | 'keep aside', path: string, error: unknown): Stop {
  return new Stop(EXIT.unreadable, [
    `${path}: cannot ${what} the configuration: ${reasonOf(error)}`,
    'Another file can be named with --config FILE.',
  ]);
}

function pathOf(error: unknown): string {
  return error instanceof Error && 'path' in error ? String(error.path) : 'the configuration';
}
