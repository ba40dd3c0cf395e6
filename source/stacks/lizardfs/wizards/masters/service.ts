import { quoteAll } from '../../../../core/quote.js';
import type { Goal } from '../../../../files/mfsgoals.js';
import { PORTS, programOf } from '../../flavour/families.js';
import { unitOf } from '../../flavour/parse.js';
import type { ServiceWay } from '../../recoveries/lost-master/service.js';
import { switchOn } from '../boot.js';
import type { Steps } from '../../../../core/plan-steps.js';
import type { Found, MasterHost } from './look.js';

/** A shadow is started once the master runs: without it, it would wait, and time out. */
export function addStart(steps: Steps, host: MasterHost, after: string | undefined): void {
  const { family, programs } = host.flavour;
  if (!family) return;
  switchOn(steps, host.name, host.boot);
  const program = programOf(family, 'master');
  const unit = unitOf(host.flavour, 'master');
  const way = (action: string): readonly string[] =>
    unit ? ['systemctl', action, unit.name] : [programs.get(program) ?? program, action];
  const last = steps.list.findLast((step) => step.host === host.name)?.id;
  const needs = [last, after].filter((one) => one !== undefined);
  // The kernel knows names to 15 characters, and a zombie is no daemon.
  const look = 'ps -e -o stat= -o comm= | grep -q "^[^Z]* *$1\\$" && echo runs';
  const service = unit?.name.replace(/\.service$/, '') ?? program;
  steps.add(
    host.name,
    'service.action',
    {
      action: 'start',
      service,
      argv: [...way('start')],
      shows: { argv: ['sh', '-c', look, 'sh', program.slice(0, 15)], expect: 'runs' },
      undo: { says: 'stop it again', argv: [...way('stop')] },
    },
    [...new Set(needs)],
  );
}

/** $1 the sum's file, then the files that the daemon reads. */
function reloadScript(argv: readonly string[]): string {
  return `s=$1; shift; n=$(cat "$@" 2>/dev/null | sha256sum) && ${quoteAll(argv)} && echo "$n" > "$s"`;
}

const READ =
  's=$1; shift; [ "$(cat "$@" 2>/dev/null | sha256sum)" = "$(cat "$s" 2>/dev/null)" ] && echo read; true';

/**
 * A daemon does not tell which text it read last: the sum of the files is noted in /run when it is told
 * to read them, so that one that was killed before that is told once more, and nobody twice.
 */
export function addReload(steps: Steps, host: MasterHost, { service, argv }: ServiceWay): void {
  const files = [host.server, host.exports, ...(host.goals ? [host.goals] : [])].map(
    ({ path }) => path,
  );
  const sum = `/run/holdfast-read.${service}`;
  steps.add(host.name, 'service.action', {
    action: 'reload',
    service,
    argv: ['sh', '-c', reloadScript(argv), 'sh', sum, ...files],
    shows: { argv: ['sh', '-c', READ, 'sh', sum, ...files], expect: 'read' },
  });
}

/** $1 the tool, $2 an address, then the goals; of a file with a fault the master takes nothing, and says OK. */
const KNOWN = [
  `l=$("$1" list-goals --porcelain "$2" ${PORTS.client}) || exit 1; shift 2`,
  'for g do echo "$l" | grep -q "^$g " || { echo "not $g"; exit 0; }; done; echo all',
].join('\n');

/** What shows that a master that ran took its goals. */
export function addGoalsCheck(
  steps: Steps,
  { host, tool }: NonNullable<Found['admin']>,
  { flavour }: MasterHost,
  goals: readonly Goal[],
): void {
  const names = goals.map(({ id, name }) => `${id} ${name}`);
  const argv = ['sh', '-c', KNOWN, 'sh', tool, flavour.addresses[0] ?? '', ...names];
  steps.add(
    host,
    'wait.until',
    {
      title: 'see that the master has the goals',
      on: names.join(', '),
      shows: { argv, expect: 'all' },
    },
    steps.ends,
  );
}
