import { servedBy } from '../../../fleet/rocks/storage/devices.js';
import { discover, initiatorOf, login, logout } from '../../../fleet/rocks/storage/iscsi.js';
import { nodeOf, type Session } from '../../../fleet/rocks/state.js';
import { failed, printed, readArguments, type Call, type Ran } from '../../program.js';
import type { NodeCall } from './zfs.js';

const VALUED = new Set([
  '-m',
  '--mode',
  '-P',
  '--print',
  '-T',
  '--targetname',
  '-p',
  '--portal',
  '-t',
  '--type',
  '-o',
  '--op',
  '-n',
  '-v',
  '-r',
]);

/** Simulates iscsiadm of open-iscsi 6.2.0-873: discovery, login, logout, sessions and records. */
export function iscsiadm(call: Call): Ran {
  const node = nodeOf(call.fleet, call.machine);
  if (!node) return failed(21, 'iscsiadm: No active sessions.\n');
  const { flags, values } = readArguments(call.args, VALUED);
  const value = (short: string, long: string) => values.get(short) ?? values.get(long);
  const given = { ...call, node };
  const iqn = value('-T', '--targetname');
  switch (value('-m', '--mode')) {
    case 'discovery': {
      const found = discover(call.fleet, node, value('-p', '--portal') ?? '');
      if ('exit' in found) return failed(found.exit, found.says);
      if (found.length === 0) return failed(21, 'iscsiadm: No portals found\n');
      return printed(found.map((line) => `${line}\n`).join(''));
    }
    case 'session':
      if (flags.has('-u') || flags.has('--logout')) {
        const sid = Number(values.get('-r') ?? Number.NaN);
        const own = node.sessions.find((one) => one.sid === sid);
        return own ? loggedOut(given, own.iqn) : failed(21, 'iscsiadm: No session found.\n');
      }
      return sessions(given, value('-P', '--print') ?? given.args.find((arg) => arg === '-P3'));
    case 'node':
      if (iqn === undefined) return records(given);
      if (flags.has('-l') || flags.has('--login')) return loggedIn(given, iqn);
      if (flags.has('-u') || flags.has('--logout')) return loggedOut(given, iqn);
      if (value('-o', '--op') === 'delete') return forgotten(given, iqn);
      return node.records.has(iqn)
        ? printed(
            `# BEGIN RECORD 6.2.0-873\nnode.name = ${iqn}\nnode.startup = automatic\n# END RECORD\n`,
          )
        : failed(21, 'iscsiadm: No records found\n');
    default:
      return failed(7, 'iscsiadm: Invalid parameters\n');
  }
}

function records({ node }: NodeCall): Ran {
  if (node.records.size === 0) return failed(21, 'iscsiadm: No records found\n');
  return printed([...node.records].map(([iqn, portal]) => `${portal} ${iqn}\n`).join(''));
}

function loggedIn({ fleet, node }: NodeCall, iqn: string): Ran {
  const session = login(fleet, node, iqn);
  if ('exit' in session) return failed(session.exit, session.says);
  const where = `[iface: default, target: ${iqn}, portal: ${portalOf(node.records.get(iqn))}]`;
  return printed(`Logging in to ${where} (multiple)\nLogin to ${where} successful.\n`);
}

function loggedOut({ node }: NodeCall, iqn: string): Ran {
  const portal = portalOf(node.records.get(iqn));
  const session = logout(node, iqn);
  if ('exit' in session) return failed(session.exit, session.says);
  const where = `[sid: ${session.sid}, target: ${iqn}, portal: ${portal}]`;
  return printed(`Logging out of session ${where}\nLogout of ${where} successful.\n`);
}

function forgotten({ node }: NodeCall, iqn: string): Ran {
  if (node.sessions.some((one) => one.iqn === iqn)) {
    return failed(
      15,
      'iscsiadm: This command will remove the record [iface: default], but a session is using it. Logout session then rerun command to remove record.\niscsiadm: Could not execute operation on all records: session exists\n',
    );
  }
  return node.records.delete(iqn) ? printed('') : failed(21, 'iscsiadm: No records found\n');
}

function portalOf(record: string | undefined): string {
  return (record ?? '').replace(':3260,1', ',3260');
}

function sessions(call: NodeCall, level: string | undefined): Ran {
  const { node } = call;
  if (node.sessions.length === 0) return failed(21, 'iscsiadm: No active sessions.\n');
  if (level === undefined || level === '0') {
    const lines = node.sessions.map(({ sid, iqn }) => {
      return `tcp: [${sid}] ${node.records.get(iqn) ?? ''} ${iqn} (non-flash)\n`;
    });
    return printed(lines.join(''));
  }
  const head = 'iSCSI Transport Class version 2.0-870\nversion 6.2.0.874-2\n';
  return printed(head + node.sessions.map((one) => detailed(call, one)).join(''));
}

function detailed({ fleet, machine, node }: NodeCall, session: Session): string {
  const { sid, iqn, disk, host } = session;
  const up = servedBy(fleet, session) !== undefined;
  const portal = node.records.get(iqn) ?? '';
  const title = (text: string) => ['*'.repeat(text.length), text, '*'.repeat(text.length)];
  const inner = [
    ...title('Interface:'),
    'Iface Name: default',
    'Iface Transport: tcp',
    `Iface Initiatorname: ${initiatorOf(machine)}`,
    `Iface IPaddress: ${up ? machine.address : '<empty>'}`,
    'Iface HWaddress: <empty>',
    'Iface Netdev: <empty>',
    `SID: ${sid}`,
    `iSCSI Connection State: ${up ? 'LOGGED IN' : 'TRANSPORT WAIT'}`,
    `iSCSI Session State: ${up ? 'LOGGED_IN' : 'FREE'}`,
    `Internal iscsid Session State: ${up ? 'NO CHANGE' : 'REOPEN'}`,
    ...title('Timeouts:'),
    'Recovery Timeout: 120',
    'Target Reset Timeout: 30',
    'LUN Reset Timeout: 30',
    'Abort Timeout: 15',
    ...title('CHAP:'),
    'username: <empty>',
    'password: ********',
    'username_in: <empty>',
    'password_in: ********',
    ...title('Negotiated iSCSI params:'),
    'HeaderDigest: None',
    'DataDigest: None',
    'MaxRecvDataSegmentLength: 262144',
    'MaxXmitDataSegmentLength: 8192',
    'FirstBurstLength: 65536',
    'MaxBurstLength: 262144',
    'ImmediateData: Yes',
    'InitialR2T: Yes',
    'MaxOutstandingR2T: 1',
    ...title('Attached SCSI devices:'),
    `Host Number: ${host}\tState: running`,
    `scsi${host} Channel 00 Id 0 Lun: 0`,
    `scsi${host} Channel 00 Id 0 Lun: 1`,
    `\tAttached scsi disk ${disk}\t\tState: ${up ? 'running' : 'transport-offline'}`,
  ];
  const lines = [`Current Portal: ${portal}`, `Persistent Portal: ${portal}`];
  const body = [...lines.map((line) => `\t${line}`), ...inner.map((line) => `\t\t${line}`)];
  return `Target: ${iqn} (non-flash)\n${body.map((line) => `${line}\n`).join('')}`;
}
