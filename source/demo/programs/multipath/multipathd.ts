import type { MultipathMap, Path, San } from '../../fleet/san-state.js';
import { printed, type Call, type Ran } from '../program.js';
import { checker, daemonAway, pathsOf, topology } from './multipath.js';

/** Simulates multipathd's command line client, 0.9.4. A stopped daemon: exit 1 and silence. */
export function multipathd({ args, fleet, machine }: Call): Ran {
  const { san } = fleet;
  const runs = machine.services.get('multipathd') === true;
  if (!runs || san.machine !== machine.name) return daemonAway();
  // `multipathd -k'show maps'` says the same.
  const line = args.join(' ').replace(/^-k/, '').trim();
  switch (line) {
    case 'show maps json':
    case 'list maps json':
      return printed(mapsJson(san));
    case 'show maps':
    case 'list maps':
      return printed(
        table(
          MAP_COLUMNS,
          san.maps.map((map) => [map.alias, map.dm, map.wwid]),
        ),
      );
    case 'show paths':
    case 'list paths':
      return printed(table(PATH_COLUMNS, san.paths.map(pathRow)));
    case 'show topology':
    case 'show maps topology':
      return printed(san.maps.map((map) => topology(san, map, true)).join(''));
    case 'show status':
      return printed(statusWords(san));
    default:
      return printed('fail\n', 1);
  }
}

const MAP_COLUMNS = ['name', 'sysfs', 'uuid'];
const PATH_COLUMNS = ['hcil', 'dev', 'dev_t', 'pri', 'dm_st', 'chk_st', 'dev_st', 'next_check'];

function pathRow(path: Path): readonly string[] {
  const state = path.usable ? 'active' : 'failed';
  const next = path.usable ? 'XXXXXX.... 12/20' : 'XX........ 1/5';
  return [path.hctl, path.dev, path.majMin, '1', state, checker(path), 'running', next];
}

/** Columns as wide as their widest cell, the last too. */
function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = titles.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' ')}\n`;
  return [titles, ...rows].map(line).join('');
}

function statusWords(san: San): string {
  const up = san.paths.filter(({ usable }) => usable).length;
  const down = san.paths.length - up;
  const count = (name: string, n: number) => (n > 0 ? `${name.padEnd(20)}${n}\n` : '');
  return `path checker states:\n${count('up', up)}${count('down', down)}\npaths: ${san.paths.length}\nbusy: False\n`;
}

/** Printed by hand, as multipathd does: its own indents, and blanks around the colons. */
function mapsJson(san: San): string {
  const maps = san.maps.map((map) => mapJson(san, map));
  return `{\n   "major_version": 0,\n   "minor_version": 1,\n   "maps": [${maps.join(',')}]\n}\n`;
}

function mapJson(san: San, map: MultipathMap): string {
  const paths = pathsOf(san, map);
  const usable = paths.filter((path) => path.usable).length;
  const own = fields(6, [
    ['name', map.alias],
    ['uuid', map.wwid],
    ['sysfs', map.dm],
    ['failback', '-'],
    ['queueing', usable > 0 ? '5 chk' : 'off'],
    ['paths', usable],
    ['write_prot', 'rw'],
    ['dm_st', 'active'],
    ['features', '1 queue_if_no_path'],
    ['hwhandler', '0'],
    ['action', 'create'],
    ['path_faults', map.faults],
    ['vend', 'LIO-ORG'],
    ['prod', 'san-b'],
    ['rev', '4.0'],
    ['switch_grp', 0],
    ['map_loads', 1],
    ['total_q_time', 0],
    ['q_timeouts', 0],
  ]);
  const group = fields(9, [
    ['selector', 'service-time 0'],
    ['pri', usable > 0 ? 1 : 0],
    ['dm_st', usable > 0 ? 'active' : 'enabled'],
    ['marginal_st', 'normal'],
    ['group', 1],
  ]);
  const list = paths.map((path) => `{\n${pathFields(san, path).join(',\n')}\n         }`).join(',');
  return `{\n${own.join(',\n')},\n      "path_groups": [{\n${group.join(',\n')},\n         "paths": [${list}]\n      }]\n   }`;
}

function pathFields(san: San, path: Path): readonly string[] {
  const session = san.sessions.find(({ sid }) => sid === path.session);
  const lun = path.hctl.split(':').at(-1) ?? '0';
  return fields(12, [
    ['dev', path.dev],
    ['dev_t', path.majMin],
    ['dm_st', path.usable ? 'active' : 'failed'],
    ['dev_st', 'running'],
    ['chk_st', checker(path)],
    ['checker', 'tur'],
    ['pri', 1],
    ['host_wwnn', '[undef]'],
    ['target_wwnn', san.target],
    ['host_wwpn', '[undef]'],
    ['target_wwpn', '[undef]'],
    ['host_adapter', session?.connected ? session.ip : '[undef]'],
    ['lun_hex', `0x${lun.padStart(4, '0')}000000000000`],
    ['marginal_st', 'normal'],
  ]);
}

function fields(
  indent: number,
  pairs: readonly (readonly [string, string | number])[],
): readonly string[] {
  return pairs.map(([name, value]) => `${' '.repeat(indent)}"${name}" : ${JSON.stringify(value)}`);
}
