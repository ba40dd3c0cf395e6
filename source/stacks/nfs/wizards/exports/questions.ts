import { z } from 'zod';
import { closed, open, type Question } from '../../../../core/form.js';
import { listed } from '../../../../core/text.js';
import type { Answers } from '../../../../core/wizard.js';
import { rowsOf } from '../../../../files/exports.js';
import { exportKey, knownServers, withdrawnFrom, type Found, type ServerHost } from './look.js';

/** The questions, in their order. */
export function questions(found: Found, answers: Answers): readonly Question[] {
  const known = knownServers(found);
  const chosen = known.filter(
    ({ name }) => Array.isArray(answers.hosts) && answers.hosts.includes(name),
  );
  const gone = withdrawals(chosen, answers);
  return [
    hostsQuestion(found, known),
    tableQuestion(chosen[0] ?? known[0]),
    ...(gone.length > 0 ? [withdrawQuestion(gone)] : []),
  ];
}

function hostsQuestion(found: Found, known: readonly ServerHost[]): Question {
  const silent = found.hosts.flatMap((host) =>
    host.ok ? [] : [` ${host.name} could not be looked at: ${host.because}.`],
  );
  const able = known.filter(({ installed, apt }) => installed || apt);
  return {
    key: 'hosts',
    ask: 'Which hosts export?',
    explains: `All of them get the same table; what is there to begin with is the first one's.${silent.join('')}`,
    kind: 'many',
    columns: [
      { title: 'HOST', min: 8 },
      { title: 'SERVES', min: 13 },
      { title: 'EXPORTS', min: 14, grow: 1 },
    ],
    choices: known.map(({ name, installed, apt, facts, file }) => ({
      value: name,
      cells: [
        { text: name },
        { text: facts.threads > 0 ? 'yes' : installed ? 'no' : 'not installed' },
        { text: listed([...new Set(rowsOf(file).map(({ path }) => path))]) || 'none' },
      ],
      gate: installed || apt ? open : closed('the NFS server is not installed there'),
    })),
    default: able.length === 1 ? able.map(({ name }) => name) : [],
    least: 1,
  };
}

function tableQuestion(first: ServerHost | undefined): Question {
  return {
    key: 'exports',
    ask: 'What is exported to whom?',
    explains:
      'One row for each client of a path. Comments and order of /etc/exports stay; files of /etc/exports.d are not touched.',
    kind: 'table',
    row: 'export',
    columns: [
      {
        key: 'path',
        ask: 'Which folder?',
        explains: 'Its whole path.',
        kind: 'text',
        default: '',
        column: { title: 'PATH', min: 14, grow: 2, cut: 'middle' },
      },
      {
        key: 'client',
        ask: 'To whom?',
        explains: 'An address, a network such as 192.168.1.0/24, a name, @group; * is the world.',
        kind: 'text',
        default: '',
        column: { title: 'CLIENT', min: 14, grow: 1 },
      },
      {
        key: 'options',
        ask: 'With which options?',
        explains:
          'rw or ro; sync answers when it is on the disk; no_root_squash lets root of the client be root here.',
        kind: 'text',
        default: 'rw,sync,no_subtree_check',
        column: { title: 'OPTIONS', min: 18, grow: 2 },
      },
    ],
    default: first
      ? rowsOf(first.file).map(({ path, client, options }) => ({
          path,
          client,
          options: options.join(','),
        }))
      : [],
  };
}

const rowsSchema = z.array(z.object({ path: z.string(), client: z.string() }));

/** What the chosen hosts would not export any more; an answer that does not fit counts as none. */
function withdrawals(chosen: readonly ServerHost[], { exports }: Answers): readonly string[] {
  const read = rowsSchema.safeParse(exports);
  if (!read.success) return [];
  const keys = chosen.flatMap((host) => withdrawnFrom(host, read.data).map(exportKey));
  return [...new Set(keys)];
}

function withdrawQuestion(gone: readonly string[]): Question {
  return {
    key: 'withdraw',
    ask: 'Which of these may be withdrawn?',
    explains:
      'They are not in the table any more. Clients that have them mounted get "Stale file handle" at once.',
    kind: 'many',
    columns: [{ title: 'EXPORT', min: 20, grow: 1 }],
    choices: gone.map((key) => ({
      value: key,
      cells: [{ text: key, tone: 'warning' }],
      gate: open,
    })),
    default: [],
  };
}
