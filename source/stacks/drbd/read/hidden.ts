import { reads, type Command, type Reader } from '../../../core/host.js';
import { hidingProgram, type SecretLines } from '../../../tools/secret-lines.js';
import { settingsInShow, type Settings } from './settings.js';

/** The statement of DRBD's configuration that must not be seen. */
export const SECRET_LINES: SecretLines = { keys: ['shared-secret'], form: 'statement' };

const DUMP = 'o=$(drbdadm dump); r=$?; printf "%s\\n" "$o" | awk "$1"; exit $r';
const SHOW = '[ -e /proc/drbd ] || exit 0; drbdsetup show "$2" | awk "$1"';

/** The configuration files as drbdadm reads them, without their secrets. */
export function dumpHidden(): Command<'reads'> {
  return reads(['sh', '-c', DUMP, 'sh', hidingProgram(SECRET_LINES)], 30_000);
}

/** What the kernel runs a resource with; undefined where it could not be asked. Never loads the module. */
export async function askKernel(host: Reader, resource: string): Promise<Settings | undefined> {
  const hide = hidingProgram(SECRET_LINES);
  const outcome = await host.run(reads(['sh', '-c', SHOW, 'sh', hide, resource], 30_000));
  if (outcome.kind !== 'exited' || outcome.code !== 0) return undefined;
  return settingsInShow(outcome.stdout, resource);
}
