import { usersOf } from '../../fleet/openers.js';
import type { Mount } from '../../fleet/state.js';
import { failed, joined, printed, readArguments, type Call, type Ran } from '../program.js';

/** `mount` without arguments: what is mounted. Mounting is not simulated yet. */
export function mount({ args, machine }: Call): Ran {
  if (args.length > 0) return failed(1, 'mount: mounting is not simulated\n');
  return printed(
    machine.mounts
      .map(
        ({ source, target, type, options }) => `${source} on ${target} type ${type} (${options})\n`,
      )
      .join(''),
  );
}

/** `umount TARGET…`; what is in use stays: exit 32. */
export function umount({ args, fleet, machine }: Call): Ran {
  const targets = args.filter((arg) => !arg.startsWith('-'));
  return joined(
    targets.map((target) => {
      const found = machine.mounts.find((one) => one.target === target || one.source === target);
      if (!found || found.target === '/') {
        return failed(32, `umount: ${target}: ${found ? 'target is busy' : 'not mounted'}.\n`);
      }
      if (usersOf(fleet, machine.name, found).length > 0) {
        return failed(32, `umount: ${found.target}: target is busy.\n`);
      }
      machine.mounts = machine.mounts.filter((one) => one !== found);
      return printed('');
    }),
  );
}

/** `df` with -P, -T, -h, -B1 and a file system or a mount point. */
export function df({ args, machine }: Call): Ran {
  const { flags, words } = readArguments(args, new Set(['-t', '-x', '-B']));
  const letters = [...flags].join('');
  const typed = /-\w*T/.test(letters);
  const scale = letters.includes('B1') || args.join(' ').includes('-B 1') ? 1 : 1024;
  const rows = machine.mounts.filter(
    ({ target, source }) => words.length === 0 || words.includes(target) || words.includes(source),
  );
  if (rows.length === 0) {
    return failed(1, `df: ${words[0] ?? ''}: No such file or directory\n`);
  }
  const cells = rows.map((one) => row(one, scale, typed));
  const head = [
    'Filesystem',
    ...(typed ? ['Type'] : []),
    scale === 1 ? '1-blocks' : '1024-blocks',
    'Used',
    'Available',
    'Capacity',
    'Mounted on',
  ];
  const all = [head, ...cells];
  const widths = head.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  const left = new Set([0, ...(typed ? [1] : []), head.length - 1]);
  return printed(
    all
      .map((line) => {
        const padded = line.map((text, column) => {
          const width = widths[column] ?? 0;
          return left.has(column) ? text.padEnd(width) : text.padStart(width);
        });
        return `${padded.join(' ').trimEnd()}\n`;
      })
      .join(''),
  );
}

function row({ source, type, target, size, used }: Mount, scale: number, typed: boolean): string[] {
  const n = (bytes: number) => String(Math.floor(bytes / scale));
  const share = `${Math.ceil((used * 100) / size)}%`;
  return [source, ...(typed ? [type] : []), n(size), n(used), n(size - used), share, target];
}
