import { outcomeFailure } from '../../core/failure.js';
import { reads, type Command, type Outcome, type Reader } from '../../core/host.js';
import type { Answer, Probe } from '../../core/probe.js';
import { readOutput } from '../../core/tool.js';
import { parseReport, type Report } from './read/report.js';
import { VIRSH_READS } from './virsh.js';

/**
 * Everything in one script: two runs of virsh, however many guests there are. The things are asked
 * by UUID, which needs no quoting whatever they are called. Of a guest's definition only the disks and
 * interfaces are sent: libvirt prints an element a line, indented by its depth.
 *
 * The read-only connection is enough for all of it, and is open to users whom libvirt lets look.
 */
const SCRIPT = [
  'command -v virsh >/dev/null 2>&1 || { echo "== absent"; exit 0; }',
  'echo "== mounts"; cat /proc/self/mountinfo',
  'echo "== fstab"; cat /etc/fstab 2>/dev/null',
  `v() { ${VIRSH_READS.join(' ')} "$1" 2>&1; }`,
  "l=$(v 'echo pools; pool-list --all --uuid; echo networks; net-list --all --uuid; echo live; list --uuid; echo off; list --inactive --uuid')",
  'case $l in *"failed to connect"*) echo "== down"; printf "%s\\n" "$l" | grep "^error:"',
  'for s in libvirtd.service libvirtd.socket virtqemud.service virtqemud.socket; do [ "$(systemctl is-enabled $s 2>/dev/null)" = enabled ] && echo "wanted $s"; done',
  "pgrep -a qemu 2>/dev/null | sed -n 's/^[0-9]* .* -name \\(guest=\\)\\{0,1\\}\\([^, ]*\\).*/running \\2/p'",
  'echo "== end"; exit 0;;',
  // A virsh that does not know an option runs none of the commands.
  '*off*) ;; *) printf "%s\\n" "$l" >&2; exit 70;; esac',
  // A line of commands must not grow beyond what one argument may hold.
  'ask() { [ -n "$c" ] && v "$c" | sed -e "$trim"; c=; }',
  "trim='/^<domain[ >]/,/^<\\/domain>/{",
  '/^<\\/\\{0,1\\}domain/p',
  '/^  <name>/p',
  '/^  <uuid>/p',
  '/^    <disk /,/^    <\\/disk>/p',
  '/^    <interface /,/^    <\\/interface>/p',
  'd',
  "}'",
  'c=; k=',
  `for u in $(printf "%s\\n" "$l" | grep -xE '[a-z]+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'); do case $u in`,
  'pools|networks|live|off) k=$u;;',
  '*) case $k in',
  'pools) c="$c echo == pool $u; pool-info $u; pool-dumpxml $u;";;',
  'networks) c="$c echo == network $u; net-info $u; net-dumpxml $u;";;',
  'live) c="$c echo == guest $u; domstate --reason $u; domblkerror $u; dumpxml $u;";;',
  'off) c="$c echo == guest $u; domstate --reason $u; dumpxml $u;";;',
  'esac; [ ${#c} -gt 60000 ] && ask;;',
  'esac; done',
  'ask',
  'printf "%s\\n" "$l" | grep "^error:" | sed "s/^/== said\\n/"',
  'echo "== end"',
].join('\n');

/** Asks a host for its pools, networks and guests, and for what is mounted. */
export const reportCommand: Command<'reads'> = reads(['sh', '-c', SCRIPT], 30_000);

/** Pools, networks and guests of each host. */
export const libvirtProbe: Probe<Report> = {
  id: 'libvirt.report',
  title: 'pools, networks and guests',
  every: 15_000,
  scope: 'host',
  read: lookAtLibvirt,
};

/** Asks a host once. Never rejects. */
export async function lookAtLibvirt(host: Reader): Promise<Answer<Report>> {
  const outcome = await host.run(reportCommand);
  if (outcome.kind !== 'exited') return failed(host, outcome);
  if (outcome.stdout.trim() === '== absent') {
    return { kind: 'absent', because: 'virsh is not installed' };
  }
  if (outcome.code !== 0) return failed(host, outcome);
  const answer = readOutput(host, reportCommand, parseReport(outcome.stdout));
  if (answer.kind !== 'value') return answer;
  const { daemon } = answer.value;
  return !daemon.answers && /authenti|permission|polkit|denied/i.test(daemon.because)
    ? { kind: 'failed', failure: notAllowed(host, daemon.because) }
    : answer;
}

function failed(host: Reader, outcome: Outcome): Answer<never> {
  return { kind: 'failed', failure: outcomeFailure(host.name, reportCommand, outcome) };
}

function notAllowed({ name }: Reader, because: string) {
  return {
    what: 'libvirt does not let this user look',
    where: name,
    means: `virsh says: ${because}.`,
    todo: 'Log in as root, or put the user into the group libvirt.',
  };
}
