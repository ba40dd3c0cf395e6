import type { MultipathMap, Path, San } from '../../fleet/san-state.js';
import { failed, printed, type Call, type Ran } from '../program.js';

/** Simulates multipath 0.9.4: `-l` and `-ll`, with the names of maps after them. */
export function multipath({ args, fleet, machine }: Call): Ran {
  const { san } = fleet;
  const flags = args.filter((arg) => arg.startsWith('-'));
  const names = args.filter((arg) => !arg.startsWith('-'));
  if (flags.includes('-t'))
    return printed('defaults {\n\tverbosity 2\n\tfind_multipaths "strict"\n}\n');
  if (!flags.some((flag) => /^-l{1,2}$/.test(flag))) {
    return failed(1, 'multipath: only -l, -ll and -t are simulated\n');
  }
  if (san.machine !== machine.name) return printed('');
  const maps = san.maps.filter(({ alias }) => names.length === 0 || names.includes(alias));
  const checked = flags.includes('-ll');
  return printed(maps.map((map) => topology(san, map, checked)).join(''));
}

/** A map with its group and its paths, columns as wide as their widest cell. */
export function topology(san: San, map: MultipathMap, checked: boolean): string {
  const rows = pathsOf(san, map).map((path) => [
    path.hctl,
    path.dev,
    path.majMin,
    path.usable ? 'active' : 'failed',
    checked ? checker(path) : 'undef',
    'running',
  ]);
  const widths = columnWidths(san, checked);
  const drawn = rows.map((cells, index) => {
    const branch = index === rows.length - 1 ? '`-' : '|-';
    const line = cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' ');
    return `  ${branch} ${line.trimEnd()}`;
  });
  const usable = rows.some((cells) => cells[3] === 'active');
  return `${[
    `${map.alias} (${map.wwid}) ${map.dm} LIO-ORG,san-b`,
    `size=${sizeOf(map.size)} features='1 queue_if_no_path' hwhandler='0' wp=rw`,
    `\`-+- policy='service-time 0' prio=${usable ? 1 : 0} status=${usable ? 'active' : 'enabled'}`,
    ...drawn,
  ].join('\n')}\n`;
}

/** The paths of a map. */
export function pathsOf(san: San, map: MultipathMap): readonly Path[] {
  return san.paths.filter((path) => path.map === map.alias);
}

/** What the path checker says of a path. */
export function checker(path: Path): string {
  return path.usable ? 'ready' : 'faulty';
}

function columnWidths(san: San, checked: boolean): readonly number[] {
  const width = (cells: readonly string[]) => Math.max(...cells.map(({ length }) => length));
  return [
    width(san.paths.map(({ hctl }) => hctl)),
    width(san.paths.map(({ dev }) => dev)),
    width(san.paths.map(({ majMin }) => majMin)),
    6,
    checked ? width(san.paths.map(checker)) : 5,
    7,
  ];
}

/** `500G`, `1.0T`: multipath's own way. */
export function sizeOf(bytes: number): string {
  const units = ['K', 'M', 'G', 'T', 'P'];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)}${units[unit] ?? ''}`;
}

/** Not a map of device-mapper, or nobody to ask. */
export function daemonAway(): Ran {
  return failed(1, '');
}
