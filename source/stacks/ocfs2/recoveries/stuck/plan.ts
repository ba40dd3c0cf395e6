import type { Fault } from '../../../../core/form.js';
import { Steps } from '../../../../core/plan-steps.js';
import { quote } from '../../../../core/quote.js';
import { listed } from '../../../../core/text.js';
import type { Drafted } from '../../../../core/wizard.js';
import { clusterStatusCommand, onlineWords } from '../../read/cluster-status.js';
import { OFFLINE, RESTART } from '../../read/offline.js';
import type { Mounted, NodeView, Volume } from '../../view.js';
import type { Use } from './users.js';

/** One side lets go: it is unmounted there, and that node leaves the cluster until it is brought back. */
export function letGo(volume: Volume, victim: Mounted, use: Use | undefined): Drafted {
  const { node, entry } = victim;
  const faults = useFaults([use]);
  if (faults.length > 0) return { ok: false, faults };
  const steps = new Steps();
  steps.add(node.host, 'file-system.unmount', { target: entry.point, source: entry.source });
  const others = node.facts.mounts.filter(({ point }) => point !== entry.point);
  if (others.length === 0 && node.cluster !== undefined) addOffline(steps, node, node.cluster);
  const drbd = entry.source.startsWith('/dev/drbd');
  return drafted(steps, {
    title: `Unmount ${volume.name} on ${node.host}`,
    putBack: `The cluster is brought online on ${node.host} and ${volume.name} mounted there again.`,
    warnings: [
      ...(drbd
        ? [`Then mend DRBD (drbd.split-brain), and ask here again: ${node.host} is brought back.`]
        : [
            `Both wrote on one disk: unmount it everywhere and check it before ${node.host} comes back.`,
          ]),
    ],
  });
}

/** A node comes back: the cluster online, the device writable on both sides, then the mount. */
export function comeBack(volume: Volume, back: NodeView, keeper: Mounted, uuid: string): Drafted {
  const { host, cluster } = back;
  const { point } = keeper.entry;
  const device = volume.seen.find((one) => one.host === host)?.device ?? keeper.entry.source;
  if (cluster === undefined) {
    const says = `${host} is in no cluster by its /etc/ocfs2/cluster.conf`;
    return { ok: false, faults: [{ key: 'victim', says }] };
  }
  const steps = new Steps();
  addReady(steps, host, device);
  addOnline(steps, back, cluster);
  steps.add(host, 'file-system.mount', { target: point, uuid });
  steps.add(host, 'look.confirm', {
    title: 'see that both hear each other',
    on: volume.name,
    shows: { argv: ['sh', '-c', ALIVE, 'sh', volume.uuid], expect: aliveWords(volume, back) },
  });
  return drafted(steps, {
    title: `Bring ${volume.name} back on ${host}`,
    putBack: `${volume.name} is unmounted on ${host} again, and the cluster taken offline there if this run brought it online.`,
    warnings: [],
  });
}

/** Mounted nowhere, checked, mounted again: the order in which fsck is safe. */
export function check(
  volume: Volume,
  nodes: readonly NodeView[],
  uses: readonly Use[],
  { uuid, lastCheck }: { readonly uuid: string; readonly lastCheck: string },
): Drafted {
  const [first] = nodes;
  const device = volume.seen.find((one) => one.host === first?.host)?.device;
  const faults = useFaults(uses);
  if (faults.length > 0) return { ok: false, faults };
  if (!first || device === undefined) {
    return { ok: false, faults: [{ key: 'victim', says: 'no host has its device' }] };
  }
  const points = new Map(volume.mounts.map(({ node, entry }) => [node.host, entry.point]));
  const steps = new Steps();
  for (const { node, entry } of volume.mounts) {
    steps.add(node.host, 'file-system.unmount', { target: entry.point, source: entry.source });
  }
  for (const node of nodes) {
    addReady(
      steps,
      node.host,
      volume.seen.find(({ host }) => host === node.host)?.device ?? device,
    );
    if (node.cluster !== undefined) addOnline(steps, node, node.cluster);
  }
  for (const { host } of nodes) {
    const own = volume.seen.find((one) => one.host === host)?.device ?? device;
    steps.add(host, 'host.see-that', {
      title: 'see that it is mounted nowhere',
      on: own,
      shows: { argv: ['sh', '-c', NOT_MOUNTED, 'sh', own], expect: 'not mounted' },
    });
  }
  steps.add(first.host, 'ocfs2.check', { device, uuid, lastCheck }, steps.ends);
  const checked = steps.ends;
  const point = [...points.values()][0];
  if (point !== undefined) {
    for (const { host } of nodes) {
      if (!points.has(host)) continue;
      steps.add(host, 'file-system.mount', { target: points.get(host) ?? point, uuid }, checked);
    }
  }
  return drafted(steps, {
    title: `Check ${volume.name}, mounted nowhere`,
    putBack: 'It is mounted again where it was. What fsck.ocfs2 mended stays mended.',
    warnings: [
      'fsck.ocfs2 answers every question with yes: what it cannot place it puts into lost+found.',
    ],
  });
}

function drafted(
  steps: Steps,
  about: { readonly title: string; readonly putBack: string; readonly warnings: readonly string[] },
): Drafted {
  return {
    ok: true,
    draft: { ...about, steps: steps.list, basis: [], confirmations: [], loses: [] },
  };
}

/** DRBD's own word, or that the disk may be written: a Secondary is read-only. */
const READY = [
  'd=$(readlink -f "$1"); n=${d#/dev/drbd}',
  'case $d in /dev/drbd[0-9]*) ;; *) [ "$(blockdev --getro "$d")" = 0 ] && echo ready || echo "it cannot be written"; exit;; esac',
  's=$(sed -n "s,^ *$n: cs:\\([^ ]*\\) ro:\\([^ ]*\\).*,\\1 \\2,p" /proc/drbd)',
  'if [ -n "$s" ]; then case $s in "Connected Primary/Primary") echo ready;; *) echo "DRBD is $s";; esac; exit; fi',
  'for l in $(find /dev/drbd/by-res -type l); do [ "$(readlink -f "$l")" = "$d" ] && r=${l#/dev/drbd/by-res/} && r=${r%%/*}; done',
  's=$(drbdadm status "$r" | tr "\\n" " ")',
  'case $s in *connection:*|*role:Secondary*) echo "DRBD is $s";; *role:Primary*role:Primary*) echo ready;; *) echo "DRBD is $s";; esac',
].join('\n');

function addReady(steps: Steps, host: string, device: string): void {
  steps.add(host, 'host.see-that', {
    title: 'see that it is whole and writable',
    on: device,
    shows: { argv: ['sh', '-c', READY, 'sh', device], expect: 'ready' },
  });
}

function addOnline(steps: Steps, node: NodeView, cluster: string): void {
  if (node.facts.online === true) return;
  steps.add(node.host, 'service.action', {
    ...{ action: 'restart', service: 'o2cb', argv: ['sh', '-c', RESTART] },
    shows: { argv: [...clusterStatusCommand(cluster).argv], expect: onlineWords(cluster) },
    undo: { says: 'take the cluster offline', argv: ['sh', '-c', OFFLINE, 'sh', cluster] },
  });
}

const GONE = '[ -e "/sys/kernel/config/cluster/$1" ] || echo offline';

function addOffline(steps: Steps, { host }: NodeView, cluster: string): void {
  steps.add(host, 'command.run', {
    title: 'take the cluster offline',
    on: cluster,
    argv: ['sh', '-c', OFFLINE, 'sh', cluster],
    effect: 'changes',
    shows: { argv: ['sh', '-c', GONE, 'sh', cluster], expect: 'offline' },
    undo: { says: 'bring the cluster online', argv: ['sh', '-c', RESTART] },
  });
}

const ALIVE = 'tr -s " \\n" "  " < "/sys/kernel/debug/o2hb/$1/livenodes" | sed "s/ *$//"';
const NOT_MOUNTED =
  'd=$(readlink -f "$1"); if cut -d" " -f3 /proc/self/mountinfo | grep -qx "$(cat "/sys/class/block/${d##*/}/dev")"; then echo "it is mounted here"; else echo "not mounted"; fi';

/** The numbers of all that have it mounted then, as the kernel lists them. */
function aliveWords({ mounts }: Volume, back: NodeView): string {
  const numbers = [...mounts.map(({ node }) => node.number), back.number];
  return numbers
    .filter((number) => number !== undefined)
    .toSorted((a, b) => a - b)
    .join(' ');
}

/** What must be stopped first, and what no command stops. */
function useFaults(uses: readonly (Use | undefined)[]): readonly Fault[] {
  return uses.flatMap((use): readonly Fault[] => {
    if (!use) return [];
    const { host, users, hanging, because } = use;
    const key = 'victim';
    if (because !== undefined) {
      return [{ key, says: `Who uses it on ${host} could not be read: ${because}.` }];
    }
    return [
      ...(hanging.length > 0
        ? [
            {
              key,
              says: `${listed(hanging)} on ${host} cannot be ended by any signal: only a restart of ${host} lets go.`,
            },
          ]
        : []),
      ...users.map(({ what, release }): Fault => {
        const says = `It is in use on ${host}: ${what}. Stop it there first.`;
        const pid = /^process (\d+) /.exec(what)?.[1];
        const line = release ?? (pid === undefined ? undefined : `ps -fp ${quote(pid)}`);
        return line === undefined
          ? { key, says }
          : { key, says, byHand: [{ host, says: release ? 'withdraw it' : 'what it is', line }] };
      }),
    ];
  });
}
