import type { Inspector } from '../../core/inspector.js';
import { clean, count } from '../../core/text.js';
import { columns } from '../columns.js';
import { EXIT, usage, type ExitCode } from '../exit.js';
import { didYouMean } from '../near.js';
import { printJson, toPlain } from '../report/plain.js';
import { signOf } from '../signs.js';
import { factLines } from './facts.js';

/** What `inspect` prints and ends with. */
export interface Looked {
  readonly exit: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** The inspector of an id. Throws a `Stop` with near names when there is none. */
export function findInspector(id: string, inspectors: readonly Inspector[]): Inspector {
  const found = inspectors.find((inspector) => inspector.id === id);
  if (found) return found;
  const ids = inspectors.map((inspector) => inspector.id);
  throw usage(
    `There is no probe ${JSON.stringify(id)}.`,
    ...didYouMean(id, ids),
    '`holdfast inspect --list` shows them all.',
  );
}

/** The list of what can be inspected. */
export function listInspectors(inspectors: readonly Inspector[], json: boolean): string {
  const sorted = [...inspectors].sort((a, b) => (a.id < b.id ? -1 : 1));
  if (json) return printJson(sorted.map(({ id, reads }) => ({ probe: id, reads })));
  return columns(sorted.map(({ id, reads }) => [id, reads]))
    .map((line) => `${line}\n`)
    .join('');
}

/** Looks at a text and says what is in it, for people or as JSON. */
export function look(inspector: Inspector, text: string, name: string, json: boolean): Looked {
  const result = inspector.inspect(text);
  if (!result.ok) {
    const { line, expected } = result;
    const err = [
      `${name}: this is not the output of \`${inspector.reads}\`.`,
      `Line ${line}: expected ${clean(expected)}.`,
    ];
    return {
      exit: EXIT.unreadable,
      out: json ? printJson({ probe: inspector.id, error: { line, expected } }) : '',
      err: err.map((said) => `${said}\n`).join(''),
    };
  }
  const { reading, unread, findings } = result.value;
  const seen = {
    probe: inspector.id,
    reading: reading ?? null,
    unread,
    findings: findings.map(({ code, severity, subject, says }) => ({
      code,
      severity,
      subject,
      says,
    })),
  };
  return { exit: EXIT.fine, out: json ? printJson(seen) : describe(inspector, seen), err: '' };
}

interface Seen {
  readonly reading: unknown;
  readonly unread: readonly string[];
  readonly findings: readonly {
    readonly code: string;
    readonly severity: 'notice' | 'warning' | 'alert';
    readonly subject: string;
    readonly says: string;
  }[];
}

function describe(inspector: Inspector, { reading, unread, findings }: Seen): string {
  const found = findings.map(
    ({ code, severity, subject, says }) =>
      `  ${signOf(severity)} ${severity}  ${code}  ${clean(subject)}\n      ${clean(says)}`,
  );
  const blocks = [
    [`${inspector.id}   ${inspector.reads}`],
    factLines(toPlain(reading ?? null), '  '),
    found.length > 0 ? ['Findings', ...found] : ['No findings.'],
    unread.length === 0
      ? []
      : [`Not understood: ${count(unread.length, 'line')}`, ...unread.map((l) => `  ${clean(l)}`)],
  ];
  const text = blocks.filter((block) => block.length > 0).map((block) => block.join('\n'));
  return `${text.join('\n\n')}\n`;
}
