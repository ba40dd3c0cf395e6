import { bySeverity, type Finding } from '../../core/finding.js';
import {
  toneOf,
  UNREAD_SUMMARY,
  type Details,
  type Pane,
  type Row,
  type Tone,
} from '../../core/pane.js';
import type { Now } from '../../core/probe.js';
import { clean, count, listed } from '../../core/text.js';
import { diagnose } from './diagnose.js';
import { exportNode } from './graph.js';
import { isWorld, serversOf, type ExportView, type ServerView } from './view.js';

/** What hosts export, how, and who is there. */
export const pane: Pane = {
  summary: (now) => {
    const servers = serversOf(now);
    if (servers.length === 0) return UNREAD_SUMMARY;
    const exports = servers.flatMap((server) => server.exports);
    const serving = servers.filter(({ facts }) => facts.threads > 0).length;
    const clients = new Set(servers.flatMap(clientsOf));
    const [worst] = sorted(diagnose(now));
    return {
      tone: toneOf(worst?.severity),
      first: { text: count(exports.length, 'export') },
      second: { text: worst ? `${worst.subject}: ${worst.title}` : count(serving, 'server') },
      third: { text: count(clients.size, 'client') },
    };
  },
  draw: (now) => ({
    columns: [
      { title: 'PATH', min: 14, grow: 2, cut: 'middle' },
      { title: 'HOST', min: 8 },
      { title: 'TO', min: 16, grow: 2 },
      { title: 'ACCESS', min: 6 },
      { title: 'LIES ON', min: 10, grow: 1, drop: 1 },
      { title: 'CLIENTS', min: 7, align: 'right' },
    ],
    rows: serversOf(now).flatMap((server) => server.exports.map((one) => rowOf(server, one, now))),
    empty: 'Nothing is exported.',
  }),
  running: () => [],
  metrics: () => [],
};

function sorted(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => bySeverity(a.severity, b.severity));
}

/** Who is there: nfsd's own list, and whoever has a connection to it. */
function clientsOf({ facts }: ServerView): readonly string[] {
  return [...new Set([...facts.clients.map(({ address }) => address), ...facts.peers])];
}

function rowOf(server: ServerView, one: ExportView, now: Now): Row {
  const { host, path, active, mount } = one;
  const findings = sorted(diagnose(now)).filter(({ about }) =>
    about.includes(exportNode(host, path)),
  );
  const off = server.facts.threads === 0;
  const tone: Tone = server.stale ? 'unknown' : off ? 'muted' : toneOf(findings[0]?.severity);
  const clients = clientsOf(server);
  return {
    id: `${host}:${path}`,
    tone,
    hosts: [host],
    cells: [
      { text: clean(path) },
      { text: host },
      { text: clean(listed(active.map(whom))) || 'nobody' },
      { text: accessOf(one) },
      { text: clean(one.unmounted ? 'not mounted' : mount ? `${mount.type} ${mount.point}` : '–') },
      { text: `${clients.length}`, sort: clients.length },
    ],
    details: () => detailsOf(server, one, findings, tone),
  };
}

function whom(one: ExportView['active'][number]): string {
  return isWorld(one) ? 'the world' : one.client;
}

function accessOf({ active }: ExportView): string {
  const modes = new Set(active.map(({ options }) => (options.includes('rw') ? 'rw' : 'ro')));
  return modes.size === 2 ? 'rw, ro' : ([...modes][0] ?? '–');
}

function detailsOf(
  server: ServerView,
  { path, active }: ExportView,
  findings: readonly Finding[],
  tone: Tone,
): Details {
  const { facts, host } = server;
  const names = new Map(facts.clients.map(({ address, name }) => [address, name]));
  return {
    title: `export ${clean(path)}`,
    tone,
    state: findings[0]?.title ?? (facts.threads > 0 ? 'exported' : 'not served'),
    blocks: [
      ...findings.map(({ title, says, means, todo }) => ({
        kind: 'text' as const,
        label: title,
        text: `${says} ${means} ${todo}`,
      })),
      {
        kind: 'table',
        label: 'to whom',
        columns: [
          { title: 'CLIENT', min: 16, grow: 1 },
          { title: 'OPTIONS', min: 20, grow: 3 },
        ],
        rows: active.map((one) => [
          { text: clean(whom(one)) },
          { text: clean(one.options.join(',')) },
        ]),
      },
      {
        kind: 'table',
        // nfsd does not tell which client has which export mounted.
        label: `clients of ${host}, of whichever export`,
        columns: [
          { title: 'ADDRESS', min: 16 },
          { title: 'NAME', min: 16, grow: 1 },
        ],
        rows: clientsOf(server).map((address) => [
          { text: clean(address) },
          { text: clean(names.get(address) ?? '') },
        ]),
      },
      {
        kind: 'facts',
        rows: [
          { label: 'nfsd threads', value: { text: `${facts.threads}` } },
          {
            label: 'files',
            value: { text: clean(facts.sources.map((one) => one.path).join(', ')) },
          },
        ],
      },
    ],
    commands: [
      { says: 'what holds now', line: 'exportfs -v' },
      { says: 'as the files say, withdrawing the rest', line: 'exportfs -ra' },
      { says: 'who is connected', line: 'ss -tn state established "( sport = :2049 )"' },
    ],
  };
}
