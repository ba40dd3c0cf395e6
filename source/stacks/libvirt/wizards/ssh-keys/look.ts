import { reads, type HostName, type Reader } from '../../../../core/host.js';
import { linesOf } from '../../../../core/text.js';

/** A user of a host who can log in. */
export interface User {
  readonly name: string;
  readonly group: string;
  readonly home: string;
  /** libvirt lets the user manage guests: root, or of the group libvirt. */
  readonly mayManage: boolean;
  /** Of authorized_keys; null: there is no such file. */
  readonly text: string | null;
  /** Why the file is not to be edited. */
  readonly because?: string;
}

/** A host and its users, or why there is nothing to be done on it. */
export type LoginHost =
  | {
      readonly ok: true;
      readonly name: HostName;
      readonly users: readonly User[];
      /** sshd looks elsewhere for keys, in the words of its configuration. */
      readonly elsewhere?: string;
    }
  | { readonly ok: false; readonly name: HostName; readonly because: string };

/**
 * Users by getent(1), each with the file. One that is a link is told and never followed: root would
 * write wherever the user lets it point.
 */
const SCRIPT = [
  'm=,$(getent group libvirt | cut -d: -f4),',
  'getent passwd | while IFS=: read -r n _ u g _ h s; do',
  'case $s in */nologin|*/false|*/sync|*/halt|*/shutdown) continue;; esac',
  '[ "$u" -eq 0 ] || [ "$u" -ge 1000 ] || continue',
  'p=no; [ "$u" -eq 0 ] && p=yes; case $m in *,"$n",*) p=yes;; esac',
  'l=$(getent group "$g"); echo "user $n ${l%%:*} $p $h"',
  'f=$h/.ssh/authorized_keys',
  'if [ ! -d "$h" ]; then echo "odd the home folder is not there"; elif [ -L "$h/.ssh" ] || [ -L "$f" ]; then echo "odd $f is a link";',
  'elif [ -e "$f" ]; then if [ -r "$f" ]; then echo file; sed "s/^/line /" "$f"; [ -z "$(tail -c 1 "$f")" ] || echo unended; else echo "odd $f cannot be read"; fi; fi',
  'done',
  "grep -hiE '^[[:blank:]]*AuthorizedKeys(File|Command)[[:blank:]]' /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf 2>/dev/null | sed 's/^/sshd /'",
  'echo end',
].join('\n');

/** Looks at the users of each host. Never rejects. */
export async function look(hosts: readonly Reader[]): Promise<readonly LoginHost[]> {
  return Promise.all(
    hosts.map(async ({ name, run }): Promise<LoginHost> => {
      const outcome = await run(reads(['sh', '-c', SCRIPT], 30_000));
      if (outcome.kind !== 'exited') return { ok: false, name, because: outcome.reason };
      const lines = linesOf(outcome.stdout);
      if (!lines.includes('end')) return { ok: false, name, because: 'its users cannot be listed' };
      return { ok: true, name, ...parseUsers(lines) };
    }),
  );
}

/** Reads what the script printed. */
export function parseUsers(lines: readonly string[]): {
  readonly users: readonly User[];
  readonly elsewhere?: string;
} {
  const users: User[] = [];
  let elsewhere: string | undefined;
  const change = (by: (user: User) => Partial<User>): void => {
    const last = users.pop();
    if (last) users.push({ ...last, ...by(last) });
  };
  for (const line of lines) {
    const [, name, group, manage, home] = /^user (\S+) (\S*) (yes|no) (\/.*)$/.exec(line) ?? [];
    if (name !== undefined && group !== undefined && home !== undefined) {
      users.push({ name, group, home, mayManage: manage === 'yes', text: null });
    } else if (line === 'file') change(() => ({ text: '' }));
    else if (line.startsWith('line '))
      change(({ text }) => ({ text: `${text ?? ''}${line.slice(5)}\n` }));
    else if (line === 'unended') change(({ text }) => ({ text: (text ?? '').slice(0, -1) }));
    else if (line.startsWith('odd ')) change(() => ({ because: line.slice(4) }));
    else if (line.startsWith('sshd ')) elsewhere ??= strange(line.slice(5));
  }
  return { users, ...(elsewhere !== undefined && { elsewhere }) };
}

/** The usual place, and a command that is switched off, are nothing strange. */
function strange(setting: string): string | undefined {
  const [key = '', ...files] = setting.trim().split(/\s+/);
  const usual = /file$/i.test(key)
    ? files.some((file) => /^(?:%h\/)?\.ssh\/authorized_keys$/.test(file))
    : files.join(' ').toLowerCase() === 'none';
  return usual ? undefined : setting.trim();
}
