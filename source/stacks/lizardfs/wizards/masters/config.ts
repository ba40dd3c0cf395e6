import type { Json } from '../../../../core/json.js';
import { placeholder } from '../../../../core/secret.js';
import { parseExports, printExports, withExports } from '../../../../files/mfsexports.js';
import { parseGoals, printGoals, setGoal } from '../../../../files/mfsgoals.js';
import { parseKeyValue, printKeyValue, setValue } from '../../../../files/key-value.js';
import type { MasterAnswers } from './answers.js';
import { PASSWORDS, type ConfigText, type MasterHost } from './look.js';
import { hasPassword } from './questions.js';

/** An edit as `file.edit` takes it. */
type Edit = Readonly<Record<string, Json>>;

/** The plan's name for ADMIN_PASSWORD. */
export const PASSWORD = 'admin-password';

/** The edit of mfsmaster.cfg; undefined: it is as it should be. */
export function serverEdit(
  host: MasterHost,
  personality: 'master' | 'shadow',
  answers: MasterAnswers,
): Edit | undefined {
  const { server, flavour } = host;
  // MooseFS has no personality and no password: the file is there for whoever comes after.
  if (flavour.family?.id === 'moosefs') {
    const { text, example } = server;
    return text !== null || example === '' ? undefined : edit(server, example, host);
  }
  let file = setValue(parseKeyValue(startOf(server)), 'PERSONALITY', personality);
  if (personality === 'shadow') file = setValue(file, 'MASTER_HOST', answers.masterHost);
  if (answers.password !== 'none' && !hasPassword(host)) {
    file = setValue(file, 'ADMIN_PASSWORD', placeholder(PASSWORD));
  }
  const { keys, form } = PASSWORDS;
  // Only its owner reads a password, and the daemon reads it again after it has given up root.
  return edit(server, printKeyValue(file), host, { mode: '600', secrets: { keys, form } });
}

/** The edit of mfsexports.cfg. */
export function exportsEdit(host: MasterHost, { exports }: MasterAnswers): Edit | undefined {
  const after = printExports(withExports(parseExports(startOf(host.exports)), exports));
  return edit(host.exports, after, host);
}

/** The edit of mfsgoals.cfg; it is made only where goals are changed. */
export function goalsEdit(host: MasterHost, { goals }: MasterAnswers): Edit | undefined {
  if (!host.goals || goals.length === 0) return undefined;
  const file = goals.reduce(setGoal, parseGoals(startOf(host.goals)));
  return edit(host.goals, printGoals(file), host);
}

/** A new file begins as the package's example, whose comments explain every setting. */
function startOf({ text, example }: ConfigText): string {
  return text ?? example;
}

function edit(
  { path, text }: ConfigText,
  after: string,
  host: MasterHost,
  more: Readonly<Record<string, Json>> = {},
): Edit | undefined {
  if (after === text) return undefined;
  const owner = ownerOf(host);
  return {
    path,
    before: text,
    after,
    ...more,
    ...(owner && more.secrets !== undefined && { owner: { ...owner } }),
  };
}

/** Whom the daemon runs as. */
export function ownerOf({ flavour }: MasterHost): { user: string; group: string } | undefined {
  const { family, users } = flavour;
  const found = users.find(({ user }) => user === family?.user);
  return found && { user: found.user, group: found.group };
}
