import type { MultipathMap, Path } from '../../fleet/san-state.js';

/** A map's table line, as `dmsetup table` shows it. */
export function dmTable(map: MultipathMap, paths: readonly Path[]): string {
  const own = paths.filter((path) => path.map === map.alias);
  const list = own.map(({ majMin }) => `${majMin} 1`).join(' ');
  return `0 ${map.size / 512} multipath 1 queue_if_no_path 0 1 1 service-time 0 ${own.length} 1 ${list}`;
}
