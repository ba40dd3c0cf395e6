import { machineNamed, type Fleet, type Machine } from '../../state.js';
import { isServing } from './devices.js';
import { nodeOf, type Session, type StorageNode, type Target } from '../state.js';

/** What the tools of iSCSI say against something, with their exit code; undefined: it was done. */
export interface Refusal {
  readonly exit: number;
  readonly says: string;
}

/** The initiator's name of a machine. */
export function initiatorOf({ address }: Machine): string {
  const [last = '0'] = address.split('.').slice(-1);
  return `iqn.1994-05.com.redhat:6453f1cc${Number(last).toString(16).padStart(4, '0')}`;
}

/** The machine that a name or an address is of, with the name of the network for data behind it or not. */
export function machineCalled(fleet: Fleet, name: string): Machine | undefined {
  const bare = name.replace(/\.(?:local|ibnet)$/, '').replace(/:3260$/, '');
  return machineNamed(fleet, bare) ?? fleet.machines.find(({ address }) => address === bare);
}

/** What tgt-setup-lun makes: a target of this name with the volume behind it. */
export function makeTarget(
  node: StorageNode,
  name: string,
  path: string,
  address: string,
): { readonly target: Target } | { readonly refused: string } {
  const used = node.targets.find((one) => one.path === path);
  if (used) return { refused: `Device ${path} is already used by tid ${used.tid}\n` };
  const iqn = `iqn.2001-04.com.${node.machine}-${name}`;
  const tid = Math.max(0, ...node.targets.map((one) => one.tid)) + 1;
  const target = { tid, iqn, path, allowed: [address] };
  node.targets.push(target);
  return { target };
}

/** A host that is logged in to a target, as tgtd counts them. */
export interface Nexus {
  readonly machine: Machine;
  readonly session: Session;
}

/** Who is logged in to a target: a host that is gone is forgotten once its connection is. */
export function nexusesOf(fleet: Fleet, node: StorageNode, { iqn }: Target): readonly Nexus[] {
  return (fleet.rocks?.nodes ?? []).flatMap(({ machine: name, sessions }) => {
    const machine = machineNamed(fleet, name);
    const session = sessions.find((one) => one.iqn === iqn && one.nas === node.machine);
    return machine?.reach === 'up' && session ? [{ machine, session }] : [];
  });
}

/** `tgtadm --op delete --mode target [--force]`: it is refused while somebody is logged in. */
export function deleteTarget(
  fleet: Fleet,
  node: StorageNode,
  tid: number,
  force: boolean,
): string | undefined {
  const target = node.targets.find((one) => one.tid === tid);
  if (!target) return "tgtadm: can't find the target\n";
  if (!force && nexusesOf(fleet, node, target).length > 0) {
    return 'tgtadm: this target is still active\n';
  }
  node.targets.splice(node.targets.indexOf(target), 1);
  return undefined;
}

/** `iscsiadm -m discovery -t sendtargets -p PORTAL`: what the portal shows to this host. */
export function discover(
  fleet: Fleet,
  node: StorageNode,
  portal: string,
): readonly string[] | Refusal {
  const nas = machineCalled(fleet, portal);
  const own = machineNamed(fleet, node.machine);
  if (!nas || !own) return unresolved(portal);
  if (!isServing(fleet, nas.name)) return unconnected(nas);
  const targets = nodeOf(fleet, nas)?.targets ?? [];
  const shown = targets.filter(({ allowed }) =>
    allowed.some((one) => one === 'ALL' || one === own.address),
  );
  for (const { iqn } of shown) node.records.set(iqn, `${nas.address}:3260,1`);
  return shown.map(({ iqn }) => `${nas.address}:3260,1 ${iqn}`);
}

function unresolved(portal: string): Refusal {
  const says = `iscsiadm: Cannot resolve host ${portal}. getaddrinfo error: [Name or service not known]\niscsiadm: cannot resolve host name ${portal}\niscsiadm: Could not perform SendTargets discovery: encountered connection failure\n`;
  return { exit: 4, says };
}

function unconnected({ address, reach }: Machine): Refusal {
  const why = reach === 'up' ? 'Connection refused' : 'No route to host';
  const says = `iscsiadm: cannot make connection to ${address}: ${why}\niscsiadm: connection login retries (reopen_max) 5 exceeded\niscsiadm: Could not perform SendTargets discovery: encountered connection failure\n`;
  return { exit: 4, says };
}

/** `iscsiadm -m node -T IQN -p PORTAL -l`. */
export function login(fleet: Fleet, node: StorageNode, iqn: string): Refusal | Session {
  const portal = node.records.get(iqn);
  if (portal === undefined) return { exit: 21, says: 'iscsiadm: No records found\n' };
  if (node.sessions.some((one) => one.iqn === iqn)) {
    const says = `iscsiadm: default: 1 session requested, but 1 already present.\niscsiadm: Could not log into all portals\n`;
    return { exit: 15, says };
  }
  const nas = machineCalled(fleet, portal.split(':')[0] ?? '');
  const target = nas && nodeOf(fleet, nas)?.targets.find((one) => one.iqn === iqn);
  if (!nas || !isServing(fleet, nas.name) || !target) {
    const says = `iscsiadm: Could not login to [iface: default, target: ${iqn}, portal: ${portal.replace(':3260,1', ',3260')}].\niscsiadm: initiator reported error (8 - connection timed out)\niscsiadm: Could not log into all portals\n`;
    return { exit: 8, says };
  }
  const sid = Math.max(0, ...node.sessions.map((one) => one.sid)) + 1;
  const session = { sid, iqn, nas: nas.name, disk: nextDisk(fleet, node), host: sid + 5 };
  node.sessions.push(session);
  return session;
}

function nextDisk(fleet: Fleet, node: StorageNode): string {
  const own = machineNamed(fleet, node.machine)?.disks.map(({ name }) => name) ?? [];
  const taken = new Set([...own, ...node.sessions.map(({ disk }) => disk)]);
  const letters = Array.from('abcdefghijklmnopqrstuvwxyz');
  return `sd${letters.find((letter) => !taken.has(`sd${letter}`)) ?? 'aa'}`;
}

/**
 * `iscsiadm -m node -T IQN -u`. Nothing is asked of who has the disk open, unless iscsid.conf says so
 * (`safe_logout`, which no system sets): what stands on it reads errors from then on.
 */
export function logout(node: StorageNode, iqn: string): Refusal | Session {
  const session = node.sessions.find((one) => one.iqn === iqn);
  if (!session) return { exit: 21, says: 'iscsiadm: No matching sessions found\n' };
  node.sessions.splice(node.sessions.indexOf(session), 1);
  return session;
}
