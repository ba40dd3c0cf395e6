import type { Mount } from '../../fleet/state.js';
import { failed, printed, readArguments, type Call, type Ran } from '../program.js';

/** The cluster's own file system keeps it. */
const CONFIG = '/etc/pve/storage.cfg';

/** What a new node has. */
export const FIRST_STORAGES =
  'dir: local\n\tpath /var/lib/vz\n\tcontent iso,vztmpl,backup,images\n';

interface Storage {
  readonly type: string;
  readonly name: string;
  readonly settings: ReadonlyMap<string, string>;
}

/** `pvesm status [--storage NAME]`, `pvesm add dir NAME --path …`, `pvesm remove NAME`. */
export async function pvesm(call: Call): Promise<Ran> {
  const { args, files } = call;
  const [verb = '', ...rest] = args;
  const storages = parse((await files?.read(CONFIG)) ?? '');
  switch (verb) {
    case 'status':
      return status(call, storages, rest[0] === '--storage' ? (rest[1] ?? '') : undefined);
    case 'add':
      return add(call, storages, rest);
    case 'remove': {
      const [name = ''] = rest;
      if (!storages.some((one) => one.name === name)) {
        return failed(2, `delete storage failed: storage '${name}' does not exist\n`);
      }
      await files?.write(CONFIG, print(storages.filter((one) => one.name !== name)));
      return printed('');
    }
    default:
      return failed(255, `ERROR: unknown command 'pvesm ${verb}'\n`);
  }
}

const KEYS = ['path', 'content', 'is_mountpoint', 'shared', 'nodes', 'mkdir'];

async function add(
  { files }: Call,
  storages: readonly Storage[],
  args: readonly string[],
): Promise<Ran> {
  const valued = new Set(KEYS.map((key) => `--${key}`));
  const { values, words } = readArguments(args, valued);
  const [type = '', name = ''] = words;
  if (type !== 'dir') return failed(255, `400 Parameter verification failed.\ntype: ${type}\n`);
  if (storages.some((one) => one.name === name)) {
    return failed(255, `create storage failed: storage ID '${name}' already defined\n`);
  }
  const path = values.get('--path');
  if (path === undefined) {
    return failed(255, `create storage failed: missing value for required option 'path'\n`);
  }
  const settings = new Map(
    KEYS.flatMap((key): [string, string][] => {
      const value = values.get(`--${key}`);
      return value === undefined ? [] : [[key, value]];
    }),
  );
  await files?.write(CONFIG, print([...storages, { type, name, settings }]));
  // A folder that is a mount point is not filled while it is none (PVE::Storage::DirPlugin).
  if (!settings.has('is_mountpoint')) await files?.write(`${path}/images/.keep`, '');
  return printed('');
}

/** In the columns of pve-storage: sizes in KiB, nothing of what is not active. */
function status(call: Call, storages: readonly Storage[], only: string | undefined): Ran {
  const shown = storages.filter(({ name }) => only === undefined || name === only);
  if (only !== undefined && shown.length === 0) {
    return failed(255, `storage '${only}' does not exist\n`);
  }
  const rows = shown.map((one) => row(one, mountOf(call, one)));
  return printed(
    `${'Name'.padEnd(16)} Type     Status           Total            Used       Available        %\n${rows.join('')}`,
  );
}

function row({ name, type }: Storage, mount: Mount | undefined): string {
  const kib = (bytes: number): string => String(Math.floor(bytes / 1024)).padStart(15);
  const [size, used] = [mount?.size ?? 0, mount?.used ?? 0];
  const share = size === 0 ? 0 : (used * 100) / size;
  const state = mount ? 'active' : 'inactive';
  return `${name.padEnd(12)} ${type.padStart(8)} ${state.padStart(10)} ${kib(size)} ${kib(used)} ${kib(size - used)} ${share.toFixed(2).padStart(7)}%\n`;
}

/** What it lies on; undefined: it must be mounted and is not. */
function mountOf({ machine }: Call, { settings }: Storage): Mount | undefined {
  const path = settings.get('path') ?? '';
  const must = settings.get('is_mountpoint') ?? 'no';
  const point = must.startsWith('/') ? must : path;
  const beneath = machine.mounts
    .filter(({ target }) => target === '/' || path === target || path.startsWith(`${target}/`))
    .toSorted((a, b) => b.target.length - a.target.length)[0];
  return /^(?:no|0|off|false)$/.test(must) || beneath?.target === point ? beneath : undefined;
}

function parse(text: string): readonly Storage[] {
  return text.split(/\n(?=\S)/).flatMap((block) => {
    const [head = '', ...lines] = block.split('\n');
    const [, type, name] = /^(\w+): (\S+)$/.exec(head) ?? [];
    if (type === undefined || name === undefined) return [];
    const settings = lines.flatMap((line): [string, string][] => {
      const [, key, value = ''] = /^\s+(\S+) (.*)$/.exec(line) ?? [];
      return key === undefined ? [] : [[key, value]];
    });
    return [{ type, name, settings: new Map(settings) }];
  });
}

function print(storages: readonly Storage[]): string {
  return storages
    .map(({ type, name, settings }) => {
      const lines = [...settings].map(([key, value]) => `\t${key} ${value}\n`);
      return `${type}: ${name}\n${lines.join('')}`;
    })
    .join('\n');
}
