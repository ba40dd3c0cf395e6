import { inTouch, replicaOn } from './drbd/side.js';
import { isAlive, machineNamed, type Fleet, type Machine, type Mount } from './state.js';

/** A node of an OCFS2 cluster. */
export interface Ocfs2Node {
  readonly name: string;
  readonly number: number;
  readonly address: string;
}

/** A cluster as a machine's kernel has it, or as its file names it. */
export interface Ocfs2Cluster {
  readonly name: string;
  readonly nodes: readonly Ocfs2Node[];
}

const online = new WeakMap<Machine, Ocfs2Cluster>();

/** The cluster that is online on a machine. */
export function clusterOn(machine: Machine): Ocfs2Cluster | undefined {
  return online.get(machine);
}

/** The cluster of the first day: the virtual machine hosts. */
export function firstCluster(machines: readonly Machine[]): Ocfs2Cluster {
  const hosts = machines.filter(({ kind }) => kind === 'kvm');
  const nodes = hosts.map(({ name, address }, index) => ({ name, address, number: index + 1 }));
  return { name: 'vms', nodes };
}

/** The kernel is told of a cluster, or of none. */
export function setCluster(machine: Machine, cluster: Ocfs2Cluster | undefined): void {
  if (cluster) online.set(machine, cluster);
  else online.delete(machine);
}

/** An OCFS2 file system that a machine has mounted. */
export interface Ocfs2Mount {
  readonly mount: Mount;
  /** In capitals without dashes: also its heartbeat region's name. */
  readonly uuid: string;
  readonly label: string;
  /** `147:0`. */
  readonly number: string;
  /** Its heartbeat is on its own disk. */
  readonly beats: boolean;
}

/** The OCFS2 file systems on DRBD devices that a machine has mounted. */
export function ocfs2On(fleet: Fleet, machine: Machine): readonly Ocfs2Mount[] {
  return machine.mounts.flatMap((mount): readonly Ocfs2Mount[] => {
    const resource = fleet.drbd.resources.find(({ minor }) => mount.source === `/dev/drbd${minor}`);
    const { fileSystem } = resource ?? {};
    if (mount.type !== 'ocfs2' || !resource || !fileSystem) return [];
    return [
      {
        mount,
        uuid: regionOf(fileSystem.uuid),
        label: fileSystem.label ?? '',
        number: `147:${resource.minor}`,
        beats: !mount.options.includes('heartbeat=none'),
      },
    ];
  });
}

/** A file system's UUID as OCFS2's own tools write it. */
export function regionOf(uuid: string): string {
  return uuid.replaceAll('-', '').toUpperCase();
}

/** The numbers of the nodes whose heartbeat a machine sees in a file system: its own among them. */
export function aliveIn(fleet: Fleet, machine: Machine, uuid: string): readonly number[] {
  const nodes = clusterOn(machine)?.nodes ?? [];
  return nodes
    .filter(({ name }) => {
      const node = machineNamed(fleet, name);
      if (!node || !isAlive(fleet, name)) return false;
      const mounted = ocfs2On(fleet, node).find((one) => one.uuid === uuid);
      return mounted !== undefined && (node === machine || isShared(fleet, machine, mounted.mount));
    })
    .map(({ number }) => number);
}

/** What one side writes reaches the other only while DRBD has both in touch. */
function isShared(fleet: Fleet, machine: Machine, { source }: Mount): boolean {
  const resource = fleet.drbd.resources.find(({ minor }) => source === `/dev/drbd${minor}`);
  const self = resource && replicaOn(resource, machine.name);
  return self !== undefined && inTouch(self);
}
