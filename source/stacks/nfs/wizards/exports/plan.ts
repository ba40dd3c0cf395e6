import { createHash } from 'node:crypto';
import type { Fault } from '../../../../core/form.js';
import { Steps } from '../../../../core/plan-steps.js';
import { count, listed } from '../../../../core/text.js';
import type { Drafted } from '../../../../core/wizard.js';
import {
  exportsFaults,
  rowFault,
  rowsOf,
  withRows,
  type ExportRow,
} from '../../../../files/exports.js';
import { openPorts, plainSources, wantedPorts } from '../../../../steps/firewall/open-ports.js';
import { missingMount, mountOf } from '../../read/server-facts.js';
import type { ExportsAnswers } from './answers.js';
import { exportKey, knownServers, withdrawnFrom, type Found, type ServerHost } from './look.js';

/** The plan: on each host the folders are seen, the file edited, and what it says made to hold. */
export function plan(found: Found, answers: ExportsAnswers): Drafted {
  const hosts = knownServers(found).filter(({ name }) => answers.hosts.includes(name));
  const rows = answers.exports.map(({ path, client, options }) => ({
    path,
    client,
    options: options.split(',').filter((one) => one !== ''),
  }));
  const clients = [...new Set(rows.map(({ client }) => client))];
  // Names, groups and the world cannot be told to a firewall.
  const sources = plainSources(clients) ?? [];
  const wanted = rows.length > 0 ? wantedPorts([2049], sources) : [];
  const openings = hosts.map((host) => ({
    host,
    opening: openPorts(host.firewall, wanted, sources[0]?.split('/')[0] ?? ''),
  }));
  const faults = [
    ...hostFaults(found, answers),
    ...rowFaults(rows),
    ...hosts.flatMap((host) => placeFaults(host, rows)),
    ...hosts.flatMap((host) => withdrawalFaults(host, rows, answers)),
    ...openings.flatMap(({ host, opening }) =>
      opening.refused === undefined
        ? []
        : [{ key: 'hosts', says: `${host.name}: ${opening.refused}` }],
    ),
  ];
  if (faults.length > 0) return { ok: false, faults };
  const steps = new Steps();
  for (const { host, opening } of openings) {
    addHost(steps, host, rows, opening.steps);
  }
  return {
    ok: true,
    draft: {
      title: `${count(rows.length, 'export')} on ${listed(hosts.map(({ name }) => name))}`,
      steps: steps.list,
      basis: openings.flatMap(({ host, opening }) =>
        opening.basis.map((one) => ({ host: host.name, ...one })),
      ),
      confirmations: [],
      loses: [],
      putBack:
        'What is new is withdrawn, /etc/exports put back, and what it says then holds again. Clients that lost an export mount it anew.',
      warnings: [
        ...openings.flatMap(({ host, opening }) =>
          opening.warnings.map((says) => `${host.name}: ${says}.`),
        ),
        ...hosts.flatMap((host) => warnings(host, rows)),
        ...worldWarnings(rows),
      ],
    },
  };
}

function addHost(
  steps: Steps,
  host: ServerHost,
  rows: readonly ExportRow[],
  opening: readonly { readonly kind: string; readonly params: Parameters<Steps['add']>[2] }[],
): void {
  const { name, installed, file, facts, unit = 'nfs-server', atBoot } = host;
  if (!installed) {
    // The package would bring a file of its own. One that is there it leaves, unasked where nobody can
    // answer (ucf, noninteractive), and lays its own beside it (seen on Debian 12).
    addFile(steps, host, rows);
    const id = uuidOf(`nfs-kernel-server ${name}`);
    steps.add(name, 'package.install', { manager: 'apt-get', packages: ['nfs-kernel-server'], id });
  }
  for (const { kind, params } of opening) steps.add(name, kind, params);
  for (const path of new Set(rows.map((row) => row.path))) {
    const point = mountOf(facts.mounts, path)?.point ?? '/';
    steps.add(name, 'host.see-that', {
      title: `see that it is a folder of ${point}`,
      on: path,
      shows: { argv: ['sh', '-c', IS_FOLDER, 'sh', path], expect: point },
    });
  }
  const withdrawn = withdrawnFrom(host, rows).map(({ path, client }) => ({ path, client }));
  const before = new Set(rowsOf(file).map(exportKey));
  if (installed) addFile(steps, host, rows);
  if (facts.threads === 0 && rows.length > 0) {
    if (!atBoot) steps.add(name, 'command.run', atBootStep(unit));
    steps.add(name, 'service.action', {
      ...{ action: 'start', service: unit, argv: ['systemctl', 'start', unit] },
      shows: { argv: ['sh', '-c', SERVES], expect: 'serves' },
      undo: { says: 'stop it again', argv: ['systemctl', 'stop', unit] },
    });
  }
  const wanted = rows.map((row) => ({
    ...row,
    options: [...row.options],
    fresh: !before.has(exportKey(row)),
  }));
  steps.add(name, 'nfs.apply-exports', { rows: wanted, withdrawn });
}

function addFile(
  steps: Steps,
  { name, installed, text, file, facts }: ServerHost,
  rows: readonly ExportRow[],
): void {
  const after = withRows(file, rows).text;
  if (after === text) return;
  steps.add(name, 'file.edit', {
    ...{ path: '/etc/exports', before: text, after },
    ...(installed && facts.threads > 0 && { afterUndo: ['exportfs', '-a'] }),
  });
}

/** The mount that a folder lies in. A folder that is not there prints nothing. */
const IS_FOLDER = '[ -d "$1" ] && findmnt -n -o TARGET --target "$1" | tail -n 1';
const SERVES = 'read -r n < /proc/fs/nfsd/threads && [ "$n" -gt 0 ] && echo serves';

function atBootStep(unit: string): Parameters<Steps['add']>[2] {
  return {
    title: 'start at boot',
    on: unit,
    argv: ['systemctl', 'enable', unit],
    effect: 'changes',
    shows: {
      argv: ['sh', '-c', 'systemctl is-enabled "$1" 2>/dev/null', 'sh', unit],
      expect: 'enabled',
    },
    undo: { says: 'not start it at boot', argv: ['systemctl', 'disable', unit] },
  };
}

/** A UUID of a text, so that one plan of the same facts is the same plan. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function hostFaults(found: Found, { hosts }: ExportsAnswers): readonly Fault[] {
  return hosts.flatMap((name): readonly Fault[] => {
    const host = found.hosts.find((one) => one.name === name);
    if (!host)
      return [{ key: 'hosts', says: `${name} is not among the hosts that were looked at` }];
    if (!host.ok) {
      return [{ key: 'hosts', says: `${name} could not be looked at: ${host.because}` }];
    }
    const broken = exportsFaults(host.file).filter(({ says }) => !says.includes('whole world'));
    return [
      ...(host.installed || host.apt
        ? []
        : [{ key: 'hosts', says: `${name}: the NFS server is not installed there` }]),
      ...broken.map(({ line, says }) => ({
        key: 'hosts',
        says: `${name}: line ${line} of /etc/exports: ${says}; mend it first`,
      })),
    ];
  });
}

function rowFaults(rows: readonly ExportRow[]): readonly Fault[] {
  return rows.flatMap((row, index): readonly Fault[] => {
    const fault = rowFault(row);
    const both = row.options.includes('rw') && row.options.includes('ro');
    const twice = rows.findIndex((one) => exportKey(one) === exportKey(row)) < index;
    const says = [
      ...(fault === undefined ? [] : [fault]),
      ...(both ? ['it is rw and ro'] : []),
      ...(twice ? [`${exportKey(row)} is there twice`] : []),
    ];
    return says.map((one) => ({ key: `exports.${index}`, says: one }));
  });
}

/** File systems that have no number of their own to be known by (exports(5), fsid). */
const NAMELESS = /^(?:fuse(?:\..*)?|overlay|nfs4?|tmpfs|cifs)$/;

function placeFaults({ name, facts }: ServerHost, rows: readonly ExportRow[]): readonly Fault[] {
  return rows.flatMap(({ path, options }, index): readonly Fault[] => {
    const missing = missingMount(facts, path);
    const type = mountOf(facts.mounts, path)?.type ?? '';
    const named = options.some((option) => option.startsWith('fsid='));
    const says = missing
      ? `${name}: ${missing.target} is in fstab and not mounted: an empty folder would be exported`
      : NAMELESS.test(type) && !named
        ? `${name}: ${path} lies on ${type}, which can be exported only with an fsid=`
        : undefined;
    return says === undefined ? [] : [{ key: `exports.${index}.path`, says }];
  });
}

function withdrawalFaults(
  host: ServerHost,
  rows: readonly ExportRow[],
  { withdraw }: ExportsAnswers,
): readonly Fault[] {
  const gone = withdrawnFrom(host, rows).map(exportKey);
  const open = gone.filter((key) => !withdraw.includes(key));
  return open.map((key) => ({
    key: 'withdraw',
    says: `${host.name} exports ${key} now, and it is not in the table; that it is withdrawn must be said`,
  }));
}

function warnings(host: ServerHost, rows: readonly ExportRow[]): readonly string[] {
  const { name, facts, file } = host;
  const gone = withdrawnFrom(host, rows);
  const more = facts.sources.filter(({ path }) => path !== '/etc/exports');
  const loose = exportsFaults(file).filter(({ says }) => says.includes('whole world'));
  const byHand = facts.active.filter(
    (one) =>
      !facts.sources.some((source) =>
        rowsOf(source.file).some((row) => exportKey(row) === exportKey(one)),
      ),
  );
  return [
    ...(host.installed
      ? []
      : [
          `${name}: the package lays its own file beside ours, /etc/exports.ucf-dist. Nothing reads it, and undo leaves it.`,
        ]),
    ...loose.map(
      ({ line, says }) => `${name}: line ${line} of /etc/exports as it stands: ${says}.`,
    ),
    ...(gone.length > 0 && facts.clients.length + facts.peers.length > 0
      ? [
          `${name} has clients now; those of ${listed(gone.map(exportKey))} get stale handles at once.`,
        ]
      : []),
    ...(more.length > 0
      ? [`${name}: ${listed(more.map(({ path }) => path))} export as well, and are not touched.`]
      : []),
    ...(byHand.length > 0
      ? [
          `${name}: ${listed(byHand.map(exportKey))} was exported by hand and stays until a restart.`,
        ]
      : []),
  ];
}

function worldWarnings(rows: readonly ExportRow[]): readonly string[] {
  return rows
    .filter(({ client, options }) => client === '*' && options.includes('rw'))
    .map(({ path }) => `${path} can be changed by whoever reaches the host.`);
}
