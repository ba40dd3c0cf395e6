import { aliveIn, clusterOn, ocfs2On } from '../fleet/ocfs2.js';
import { modulesOf } from '../fleet/modules.js';
import { isAlive, type Fleet, type Machine } from '../fleet/state.js';

/** What configfs and debugfs show of a cluster, its heartbeat and its file systems. */
export function ocfs2Files(fleet: Fleet, machine: Machine): readonly [string, string][] {
  const cluster = clusterOn(machine);
  const stack: [string, string][] = modulesOf(machine).has('ocfs2')
    ? [['/sys/fs/ocfs2/cluster_stack', 'o2cb\n']]
    : [];
  if (!cluster) return stack;
  const folder = `/sys/kernel/config/cluster/${cluster.name}`;
  const nodes = cluster.nodes.flatMap(({ name, number, address }): [string, string][] => [
    [`${folder}/node/${name}/num`, `${number}\n`],
    [`${folder}/node/${name}/ipv4_address`, `${address}\n`],
    [`${folder}/node/${name}/local`, name === machine.name ? '1\n' : '0\n'],
  ]);
  const beating = ocfs2On(fleet, machine).filter(({ beats }) => beats);
  const regions = beating.flatMap(({ uuid, mount }): [string, string][] => [
    [`${folder}/heartbeat/${uuid}/dev`, `${mount.source.replace('/dev/', '')}\n`],
    [`/sys/kernel/debug/o2hb/${uuid}/livenodes`, `${aliveIn(fleet, machine, uuid).join(' ')} \n`],
    [`/sys/kernel/debug/o2hb/${uuid}/elapsed_time_in_ms`, '412\n'],
  ]);
  const others = cluster.nodes.filter(
    ({ name }) => name !== machine.name && isAlive(fleet, name) && !fleet.drbd.linkCut,
  );
  return [
    ...stack,
    ...nodes,
    [`${folder}/heartbeat/dead_threshold`, '31\n'],
    ...regions,
    [
      '/sys/kernel/debug/o2net/connected_nodes',
      `${others.map(({ number }) => number).join(' ')}\n`,
    ],
    ...ocfs2On(fleet, machine).map(({ uuid, number, label }): [string, string] => [
      `/sys/kernel/debug/ocfs2/${uuid}/fs_state`,
      state(number, uuid, label, cluster.nodes.length),
    ]),
  ];
}

/** As fs/ocfs2/super.c of Linux 6.1 prints it, as far as anybody reads it. */
function state(number: string, uuid: string, label: string, slots: number): string {
  const rows = Array.from(
    { length: slots },
    (_, slot) => `${slot === 0 ? '*' : ' '} ${slot}        ${slot + 1}      2      0`,
  );
  return [
    `    Device => Id: ${number.replace(':', ',')}  Uuid: ${uuid}  Gen: 0xC0E9B7A1  Label: ${label}`,
    '    Volume => State: 1  Flags: 0x0',
    `     Slots => Slot  Node   Status  Gen`,
    ...rows,
    '',
  ].join('\n');
}
