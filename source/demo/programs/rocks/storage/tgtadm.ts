import { deviceAt, isServing } from '../../../fleet/rocks/storage/devices.js';
import {
  deleteTarget,
  initiatorOf,
  makeTarget,
  nexusesOf,
} from '../../../fleet/rocks/storage/iscsi.js';
import { nodeOf, type Target } from '../../../fleet/rocks/state.js';
import { failed, printed, readArguments, type Call, type Ran } from '../../program.js';
import type { NodeCall } from './zfs.js';

const VALUED = new Set([
  '--lld',
  '-L',
  '--mode',
  '-m',
  '--op',
  '-o',
  '--tid',
  '-t',
  '--lun',
  '-l',
  '--sid',
  '--cid',
  '-I',
  '--initiator-address',
  '--targetname',
  '--backing-store',
  '-T',
  '-b',
  '-C',
]);
const AWAY =
  'tgtadm: failed to send request hdr to tgt daemon, Transport endpoint is not connected\n';

/** Simulates tgtadm: targets shown and deleted, connections shown and closed, addresses let in or not. */
export function tgtadm(call: Call): Ran {
  const node = nodeOf(call.fleet, call.machine);
  if (!node || !isServing(call.fleet, node.machine)) return failed(107, AWAY);
  const { flags, values } = readArguments(call.args, VALUED);
  const value = (...names: readonly string[]): string => {
    return names.map((name) => values.get(name)).find((one) => one !== undefined) ?? '';
  };
  const [op, mode] = [value('--op', '-o'), value('--mode', '-m')];
  const tid = Number(value('--tid', '-t'));
  const given = { ...call, node };
  if (mode === 'target' && op === 'show') {
    const chosen = node.targets.filter((one) => Number.isNaN(tid) || tid === 0 || one.tid === tid);
    return printed(chosen.map((one) => shown(given, one)).join(''));
  }
  if (mode === 'target' && op === 'new') {
    if (node.targets.some((one) => one.tid === tid)) {
      return failed(22, 'tgtadm: this target already exists\n');
    }
    node.targets.push({ tid, iqn: value('-T', '--targetname'), path: undefined, allowed: [] });
    return printed('');
  }
  const target = node.targets.find((one) => one.tid === tid);
  if (!target) return failed(22, "tgtadm: can't find the target\n");
  if (mode === 'target' && op === 'delete') {
    const refused = deleteTarget(call.fleet, node, tid, flags.has('--force'));
    return refused === undefined ? printed('') : failed(22, refused);
  }
  if (mode === 'logicalunit' && op === 'new') {
    if (target.path !== undefined) {
      return failed(22, 'tgtadm: this logical unit number already exists\n');
    }
    const path = value('-b', '--backing-store');
    if (deviceAt(node, path) === undefined) return failed(22, 'tgtadm: invalid request\n');
    target.path = path;
    return printed('');
  }
  const address = value('-I', '--initiator-address');
  if (mode === 'target' && op === 'unbind') {
    const at = target.allowed.indexOf(address);
    if (at < 0) return failed(22, 'tgtadm: this access control rule does not exist\n');
    target.allowed.splice(at, 1);
    return printed('');
  }
  if (mode === 'target' && op === 'bind') {
    if (target.allowed.includes(address)) {
      return failed(22, 'tgtadm: this access control rule already exists\n');
    }
    target.allowed.push(address);
    return printed('');
  }
  if (mode.startsWith('conn') && op === 'show') return printed(connections(given, target));
  return failed(22, "tgtadm: this operation isn't supported\n");
}

function connections({ fleet, node }: NodeCall, target: Target): string {
  return nexusesOf(fleet, node, target)
    .map(({ machine }, index) => {
      return `Session: ${index + 1}\n    Connection: 0\n        Initiator: ${initiatorOf(machine)}\n        IP Address: ${machine.address}\n`;
    })
    .join('');
}

function shown({ fleet, node }: NodeCall, target: Target): string {
  const { tid, iqn, path, allowed } = target;
  const found = path === undefined ? undefined : deviceAt(node, path);
  const bytes = found?.kind === 'volume' ? found.volume.size : 0;
  const megabytes = Math.round(bytes / 1e6);
  const nexuses = nexusesOf(fleet, node, target).flatMap(({ machine }, index) => [
    `        I_T nexus: ${index + 1}`,
    `            Initiator: ${initiatorOf(machine)} alias: ${machine.name}.local`,
    '            Connection: 0',
    `                IP Address: ${machine.address}`,
  ]);
  const lines = [
    `Target ${tid}: ${iqn}`,
    '    System information:',
    '        Driver: iscsi',
    '        State: ready',
    '    I_T nexus information:',
    ...nexuses,
    '    LUN information:',
    ...lun(tid, 0, {
      type: 'controller',
      size: '0 MB, Block size: 1',
      store: 'null',
      path: 'None',
    }),
    ...(path === undefined
      ? []
      : lun(tid, 1, {
          type: 'disk',
          size: `${megabytes} MB, Block size: 512`,
          store: 'rdwr',
          path,
        })),
    '    Account information:',
    '    ACL information:',
    ...allowed.map((one) => `        ${one}`),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function lun(
  tid: number,
  number: number,
  told: {
    readonly type: string;
    readonly size: string;
    readonly store: string;
    readonly path: string;
  },
): readonly string[] {
  const id = `${String(tid).padStart(4, '0')}${String(number).padStart(4, '0')}`;
  return [
    `        LUN: ${number}`,
    `            Type: ${told.type}`,
    `            SCSI ID: IET     ${id}`,
    `            SCSI SN: beaf${tid}${number}`,
    `            Size: ${told.size}`,
    '            Online: Yes',
    '            Removable media: No',
    '            Prevent removal: No',
    '            Readonly: No',
    '            SWP: No',
    '            Thin-provisioning: No',
    `            Backing store type: ${told.store}`,
    `            Backing store path: ${told.path}`,
    '            Backing store flags: ',
  ];
}

/** `tgt-setup-lun -n NAME -d DEVICE ADDRESS`, which tgt brings; the roll calls it behind a lock. */
export function tgtSetupLun(call: Call): Ran {
  const node = nodeOf(call.fleet, call.machine);
  const { values, words } = readArguments(call.args, new Set(['-n', '-d', '-b', '-t']));
  if (!node || !isServing(call.fleet, node.machine)) return failed(107, AWAY);
  const [name, path] = [values.get('-n') ?? '', values.get('-d') ?? ''];
  const [address = 'ALL'] = words;
  const made = makeTarget(node, name, path, address);
  if ('refused' in made) return failed(1, made.refused);
  const { iqn, tid } = made.target;
  return printed(
    `Using transport: iscsi\nCreating new target (name=${iqn}, tid=${tid})\nAdding a logical unit (${path}) to target, tid=${tid}\nAccepting connections only from ${address}\n`,
  );
}
