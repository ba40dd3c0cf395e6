import { createHash } from 'node:crypto';
import { volumesOf } from '../../fleet/lvm.js';
import { snapshotOf, type SideFile } from '../../fleet/side-files.js';
import { failed, printed, type Call, type Files, type Ran } from '../program.js';

/** How long work on a side takes, in ms. */
const TAKES = 5000;

/** Whether `sh -c … FOLDER WORDS…` is work on a side: a list of its files, or a copy of some. */
export function isSideWork(argv: readonly string[]): boolean {
  return workOf(scriptOf(argv)) !== undefined;
}

function scriptOf(argv: readonly string[]): string {
  return argv[7] ?? '';
}

/** `setsid sh -c … FOLDER WORDS…` of work on a side, whose outcome is played; nothing else is known. */
export async function setsid({ args, files, ...call }: Call): Promise<Ran> {
  const work = workOf(scriptOf(args));
  const [, , , , folder = '', , , , , ...own] = args;
  if (!files || !work) return failed(1, 'setsid: only work on a side is simulated\n');
  await files.write(`${folder}/progress`, '');
  await files.write(`${folder}/errors`, '');
  await call.fleet.clock.sleep(TAKES, call.signal);
  if (call.signal.aborted) return failed(143, '');
  await files.write(`${folder}/errors`, await work({ args, files, ...call }, files, own));
  await files.write(`${folder}/exit`, '0\n');
  return printed('');
}

type Work = (call: Call, files: Files, words: readonly string[]) => Promise<string>;

function workOf(script: string): Work | undefined {
  if (script.includes('k=files')) return list;
  return script.includes('cp -av') ? copy : undefined;
}

/** The files of the snapshot that is mounted somewhere. */
function mountedFiles({ machine }: Call, target: string): readonly SideFile[] {
  const source = machine.mounts.find((one) => one.target === target)?.source;
  const volume = volumesOf(machine).find(({ device }) => `/dev/${device.name}` === source);
  return (volume && snapshotOf(volume)?.files) ?? [];
}

const list: Work = async (call, files, [folder = '', id, generation, , target = '', , width]) => {
  const found = mountedFiles(call, target).toSorted((a, b) => a.inode - b.inode);
  const lines = found.map(({ inode, type, size, changed, owned, path }) => {
    return `${inode} ${type} ${size} ${changed}.0 ${changed}.0 ${owned} ${path}\n`;
  });
  await files.write(`${folder}/list.txt`, lines.join(''));
  await call.run?.([
    'sh',
    '-c',
    'gzip -1 <"$1/list.txt" >"$1/list"; rm "$1/list.txt"',
    'sh',
    folder,
  ]);
  await files.write(`${folder}/sums`, sumsOf(found, lines, Number(width)));
  const at = Math.floor(call.fleet.clock.now / 1000);
  const head = `id ${id ?? ''}\ngeneration ${generation ?? ''}\nat ${at}\nkind files\n`;
  await files.write(`${folder}/head`, head);
  return '';
};

function sumsOf(found: readonly SideFile[], lines: readonly string[], width: number): string {
  const buckets = new Map<number, number[]>();
  for (const [index, { inode }] of found.entries()) {
    const bucket = Math.floor(inode / width);
    buckets.set(bucket, [...(buckets.get(bucket) ?? []), index]);
  }
  return [...buckets]
    .map(([bucket, indexes]) => {
      const text = indexes.map((index) => lines[index]).join('');
      const newest = Math.max(...indexes.map((index) => found[index]?.changed ?? 0));
      const sum = createHash('md5').update(text).digest('hex');
      return `${sum}  -\nbucket ${bucket} ${indexes.length} ${newest}.0\n`;
    })
    .join('');
}

const copy: Work = async (call, files, [, from = '', to = '', inodes = '', since = '']) => {
  const wanted = new Set(inodes.split(' '));
  const chosen = mountedFiles(call, from).filter(({ type, inode, changed }) => {
    return type !== 'd' && (wanted.has(String(inode)) || changed >= Number(since));
  });
  for (const { path, size } of chosen) {
    await files.write(`${to}/${path}`, `simulated, ${size} bytes\n`);
  }
  return `${chosen.length} files are copied and compared\n`;
};
