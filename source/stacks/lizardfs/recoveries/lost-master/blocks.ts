import type { Block, Cell } from '../../../../core/pane.js';
import { clean, grouped } from '../../../../core/text.js';
import { clockTime } from '../../../../core/units.js';
import { runs } from '../../flavour/parse.js';
import { MFSCLI } from '../../tools/admin.js';
import type { Evidence, KnownHost } from './evidence.js';
import { knownHosts, statusOf } from './judge.js';
import type { Position } from './positions.js';

const none: Cell = { text: '–', tone: 'muted' };
const unknown: Cell = { text: 'not known', tone: 'unknown' };

/** The metadata servers next to each other, then who could not be asked. */
export function blocksOf(evidence: Evidence): readonly Block[] {
  const known = knownHosts(evidence);
  const shown = known.filter(
    ({ personality, positions }) => personality !== undefined || positions.metalogger,
  );
  const silent = evidence.hosts.flatMap((host) => (host.ok ? [] : [host]));
  const blocks: Block[] = [];
  if (shown.length > 0) {
    const sides = shown.map(({ name }) => clean(name));
    blocks.push({ kind: 'sides', sides, rows: rowsOf(evidence, shown) });
  }
  if (silent.length > 0) blocks.push({ kind: 'facts', rows: silent.map(silentRow) });
  return blocks;
}

function silentRow({ name, because }: { readonly name: string; readonly because: string }) {
  const value: Cell = { text: `could not be asked: ${clean(because)}`, tone: 'unknown' };
  return { label: clean(name), value };
}

type Row = Extract<Block, { readonly kind: 'sides' }>['rows'][number];

function rowsOf(evidence: Evidence, hosts: readonly KnownHost[]): readonly Row[] {
  const row = (label: string, of: (host: KnownHost) => Cell): Row => ({
    label,
    values: hosts.map(of),
  });
  const said = (host: KnownHost) => statusOf(evidence, host)?.status;
  return [
    row('its config says', ({ personality, tool }) =>
      personality === undefined || tool === MFSCLI ? none : { text: clean(personality) },
    ),
    row('its server', (host) => {
      if (host.personality === undefined) return none;
      return runs(host.flavour, 'master')
        ? { text: 'runs' }
        : { text: 'does not run', tone: 'alert' };
    }),
    row('it answers', (host) => {
      const status = said(host);
      if (host.personality === undefined) return none;
      if (!status) return { text: 'nothing', tone: 'alert' };
      return { text: clean(`${status.personality}, ${status.status}`) };
    }),
    row('version in memory', (host) => {
      const status = said(host);
      return status
        ? { text: grouped(status.metadataVersion), sort: status.metadataVersion }
        : none;
    }),
    row('newest on disk', ({ positions }) => positionCell(positions.server)),
    row('last change it got', ({ positions }) => timeCell(positions.server)),
    row('metalogger has', ({ positions }) => positionCell(positions.metalogger)),
    row('its last change', ({ positions }) => timeCell(positions.metalogger)),
    row('it would start from', ({ positions: { serverFiles } }) =>
      serverFiles.length > 0 ? { text: clean(serverFiles.map(lastOf).join(' ')) } : none,
    ),
    row('set aside', ({ positions: { asides } }) =>
      asides.length > 0 ? { text: clean(asides.map(lastOf).join(' ')) } : none,
    ),
    row('lock file', ({ positions: { locks } }) =>
      locks.length > 0 ? { text: clean(locks.join(' ')) } : none,
    ),
    row('uraft', ({ uraft, addresses }) => {
      if (!uraft) return none;
      const { address = 'no address' } = uraft;
      return {
        text: clean(
          `${uraft.running ? 'runs' : 'does not run'}; ${address}${addresses.includes(address) ? ' is here' : ''}`,
        ),
      };
    }),
  ];
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function positionCell(position: Position | undefined): Cell {
  return position ? { text: grouped(position.version), sort: position.version } : unknown;
}

function timeCell(position: Position | undefined): Cell {
  return position ? { text: clockTime(position.at * 1000) } : none;
}
