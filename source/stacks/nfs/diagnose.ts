import { cleaned } from '../../core/clean-finding.js';
import { quoteLines } from '../../core/evidence.js';
import type { Finding } from '../../core/finding.js';
import { folderNode } from '../../core/graph.js';
import type { Now } from '../../core/probe.js';
import { listed } from '../../core/text.js';
import { exportsFaults } from '../../files/exports.js';
import { exportNode, serverNode } from './graph.js';
import { isWorld, serversOf, type ExportView, type ServerView } from './view.js';

/** What is wrong with what hosts export. */
export function diagnose(now: Now): readonly Finding[] {
  return serversOf(now)
    .filter(({ stale }) => !stale)
    .flatMap((server) => [
      ...notServing(server),
      ...unreadLines(server),
      ...server.exports.flatMap((one) => [
        ...unmounted(server, one),
        ...toTheWorld(server, one),
        ...(server.facts.threads > 0 ? differs(server, one) : []),
      ]),
    ])
    .map(cleaned);
}

function base(
  { host, reading }: ServerView,
  matches: (line: string) => boolean,
): Pick<Finding, 'hosts' | 'evidence' | 'remedies'> {
  return { hosts: [host], evidence: quoteLines(reading, matches), remedies: [] };
}

function notServing(server: ServerView): readonly Finding[] {
  const { host, facts, exports } = server;
  const wanted = facts.sources.some(({ file }) => file.entries.length > 0);
  if (!wanted || facts.threads > 0) return [];
  return [
    {
      ...base(server, (line) => line.startsWith('threads')),
      code: 'NFS_NOT_SERVING',
      severity: 'alert',
      title: 'NFS does not serve',
      subject: host,
      says: `${host} has ${listed(exports.map(({ path }) => path))} to export, and nfsd does not run.`,
      means: 'Clients that have it mounted hang until it serves again; nobody can mount it.',
      todo: 'Run `systemctl start nfs-server` there, once what is exported is mounted.',
      about: [serverNode(host)],
      explains: true,
    },
  ];
}

/** A line that exportfs passes over, or reads as what nobody meant. */
function unreadLines(server: ServerView): readonly Finding[] {
  const { host, facts } = server;
  return facts.sources.flatMap(({ path, file }) =>
    exportsFaults(file).map(({ line, says }): Finding => {
      const loose = says.includes('whole world');
      const entry = file.entries.find(({ first }) => first + 1 === line);
      const raw = file.text.split('\n')[line - 1] ?? '';
      return {
        ...base(server, (quoted) => quoted === `text ${raw}`),
        code: loose ? 'NFS_EXPORT_LOOSE' : 'NFS_EXPORTS_FAULT',
        severity: loose ? 'alert' : 'warning',
        title: loose ? 'NFS export open by a blank' : 'NFS exports file at fault',
        subject: `${host} ${path}:${line}${loose ? '' : ` ${says}`}`,
        says: `Line ${line} of ${path} on ${host}: ${says}.`,
        means: loose
          ? 'exportfs takes it so without a word of error: whoever reaches the host may mount it with these options.'
          : 'exportfs complains and goes on with the other lines; this export may be missing or another.',
        todo: loose
          ? 'Take the blank before the parentheses out, then `exportfs -ra`.'
          : 'Mend the line, then look what `exportfs -ra` says.',
        about: entry ? [exportNode(host, entry.path)] : [serverNode(host)],
        ownCause: true,
      };
    }),
  );
}

function unmounted(server: ServerView, { host, path, unmounted: entry, active }: ExportView) {
  if (!entry || active.length === 0) return [];
  const finding: Finding = {
    ...base(server, (line) => line.startsWith('fstab ') && line.includes(entry.target)),
    code: 'NFS_EXPORT_NOT_MOUNTED',
    severity: 'alert',
    title: 'NFS exports an empty mount point',
    subject: `${host} ${path}`,
    says: `${host} exports ${path}, and ${entry.target} is not mounted there.`,
    means: "Clients see an empty folder, and what they write lands on the host's own disk.",
    todo: `Mount ${entry.target} there; clients that mounted the empty folder mount it anew.`,
    about: [exportNode(host, path), folderNode(host, path)],
  };
  return [finding];
}

function toTheWorld(server: ServerView, { host, path, active }: ExportView): readonly Finding[] {
  const open = active.find((one) => isWorld(one) && one.options.includes('rw'));
  if (!open) return [];
  const root = open.options.includes('no_root_squash');
  return [
    {
      ...base(
        server,
        (line) => line.startsWith(`etab ${path}\t`) || line.startsWith(`etab ${path} `),
      ),
      code: 'NFS_EXPORT_WORLD',
      severity: root ? 'alert' : 'warning',
      title: 'NFS export writable by everybody',
      subject: `${host} ${path}`,
      says: `${host} exports ${path} to the world for writing${root ? ', root being root' : ''}.`,
      means: root
        ? 'Whoever reaches the host may read, change and delete everything on it as root.'
        : 'Whoever reaches the host may mount and change it.',
      todo: 'Name the clients or their network in /etc/exports.',
      about: [exportNode(host, path)],
      ownCause: true,
    },
  ];
}

function differs(server: ServerView, { host, path, missing, strange }: ExportView) {
  if (missing.length === 0 && strange.length === 0) return [];
  const parts = [
    ...(missing.length > 0 ? [`${listed(missing)} stands in the file and does not hold so`] : []),
    ...(strange.length > 0 ? [`${listed(strange)} holds and stands in no file`] : []),
  ];
  const finding: Finding = {
    ...base(server, (line) => line.includes(path) && /^(?:text|etab) /.test(line)),
    code: 'NFS_EXPORT_DIFFERS',
    severity: 'warning',
    title: 'NFS exports other than its file',
    subject: `${host} ${path}`,
    says: `On ${host} ${parts.join('; ')}.`,
    means: 'After a restart of the server the file decides: clients may lose what they have now.',
    todo: '`exportfs -ra` makes what holds like the files; it also withdraws what was exported by hand.',
    about: [exportNode(host, path)],
  };
  return [finding];
}
