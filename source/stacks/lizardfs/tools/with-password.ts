import type { Command } from '../../../core/host.js';
import type { Place } from './question.js';

/**
 * $1 mfsmaster.cfg, then the tool's words. The password goes from the file to the tool through a pipe
 * on the host itself: it is in no argument vector and never reaches the console. Without a terminal the
 * tool reads one word from standard input. Of two settings the last holds.
 */
const SCRIPT = [
  'f=$1; shift',
  'p=$(sed -n "s/^[[:blank:]]*ADMIN_PASSWORD[[:blank:]]*=[[:blank:]]*//p" "$f" | tail -n 1 | sed "s/[[:blank:]]*\\$//") || exit 73',
  '[ -n "$p" ] || { echo "no ADMIN_PASSWORD is set in $f" >&2; exit 78; }',
  'printf "%s\\n" "$p" | command "$@"',
].join('\n');

/**
 * A question of the administration tool that needs ADMIN_PASSWORD, for a host on whose disk it stands:
 * `promote-shadow`, `reload-config`. Its words come on standard error, also where it goes well, and
 * `reload-config` says OK to files that it could not read: look at the state afterwards.
 *
 * @param config the metadata server's config file on that host: `/etc/mfs/mfsmaster.cfg`
 */
export function withPassword(
  config: string,
  admin: string,
  words: readonly string[],
  { host, port }: Place,
): Command<'changes'> {
  const argv = ['sh', '-c', SCRIPT, 'sh', config, admin, ...words, host, String(port)];
  return { argv, effect: 'changes', deadline: 60_000 };
}
