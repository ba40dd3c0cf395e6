import type { San, Session } from '../../fleet/san-state.js';
import { failed, printed, readArguments, type Call, type Ran } from '../program.js';

/** Simulates iscsiadm 2.1.8: sessions and node records. Nothing found is exit 21. */
export function iscsiadm({ args, fleet, machine }: Call): Ran {
  const { values } = readArguments(args, new Set(['-m', '-P', '-T', '-p', '--mode', '--print']));
  const mode = values.get('-m') ?? values.get('--mode');
  const san = fleet.san.machine === machine.name ? fleet.san : undefined;
  if (mode === 'session') {
    if (!san || san.sessions.length === 0) return failed(21, 'iscsiadm: No active sessions.\n');
    const level = values.get('-P') ?? values.get('--print') ?? '0';
    if (level === '0') return printed(san.sessions.map((one) => listed(san, one)).join(''));
    return printed(detailed(san, level === '1' ? 1 : 3));
  }
  if (mode === 'node') {
    if (!san) return failed(21, 'iscsiadm: No records found\n');
    return printed(san.portals.map(({ address }) => `${address}:3260,1 ${san.target}\n`).join(''));
  }
  return failed(7, 'iscsiadm: Invalid parameters\n');
}

function listed(san: San, { sid, portal }: Session): string {
  return `tcp: [${sid}] ${portal}:3260,1 ${san.target} (non-flash)\n`;
}

function detailed(san: San, level: 1 | 3): string {
  const head = level === 3 ? 'iSCSI Transport Class version 2.0-870\nversion 2.1.8\n' : '';
  const sessions = san.sessions.map((one) => {
    const lines = level === 3 ? [...state(san, one), ...inside(san, one)] : state(san, one);
    return lines.map((line) => `\t${line}\n`).join('');
  });
  return `${head}Target: ${san.target} (non-flash)\n${sessions.join('')}`;
}

function state(san: San, session: Session): readonly string[] {
  const up = session.connected;
  return [
    `Current Portal: ${session.portal}:3260,1`,
    `Persistent Portal: ${session.portal}:3260,1`,
    ...heading('Interface', 10),
    `\tIface Name: ${session.iface}`,
    '\tIface Transport: tcp',
    `\tIface Initiatorname: ${san.initiator}`,
    `\tIface IPaddress: ${up ? session.ip : '[default]'}`,
    '\tIface HWaddress: default',
    '\tIface Netdev: default',
    `\tSID: ${session.sid}`,
    `\tiSCSI Connection State: ${up ? 'LOGGED IN' : 'TRANSPORT WAIT'}`,
    `\tiSCSI Session State: ${up ? 'LOGGED_IN' : 'FREE'}`,
    `\tInternal iscsid Session State: ${up ? 'NO CHANGE' : 'REOPEN'}`,
  ];
}

function inside(san: San, session: Session): readonly string[] {
  const paths = san.paths.filter(({ session: sid }) => sid === session.sid);
  const disks = paths.flatMap(({ dev, hctl }) => [
    `\tscsi${session.host} Channel 00 Id 0 Lun: ${hctl.split(':').at(-1) ?? '0'}`,
    `\t\tAttached scsi disk ${dev}\t\tState: ${session.connected ? 'running' : 'transport-offline'}`,
  ]);
  return [
    ...heading('Timeouts', 9),
    '\tRecovery Timeout: 5',
    '\tTarget Reset Timeout: 30',
    '\tLUN Reset Timeout: 30',
    '\tAbort Timeout: 15',
    ...heading('CHAP', 5),
    '\tusername: <empty>',
    '\tpassword: ********',
    '\tusername_in: <empty>',
    '\tpassword_in: ********',
    ...heading('Negotiated iSCSI params', 24),
    '\tHeaderDigest: None',
    '\tDataDigest: None',
    '\tMaxRecvDataSegmentLength: 262144',
    '\tMaxXmitDataSegmentLength: 8192',
    '\tFirstBurstLength: 65536',
    '\tMaxBurstLength: 262144',
    '\tImmediateData: Yes',
    '\tInitialR2T: Yes',
    '\tMaxOutstandingR2T: 1',
    ...heading('Attached SCSI devices', 24),
    `\tHost Number: ${session.host}\tState: running`,
    `\tscsi${session.host} Channel 00 Id 0 Lun: 0`,
    ...disks,
  ];
}

function heading(title: string, stars: number): readonly string[] {
  const rule = `\t${'*'.repeat(stars)}`;
  return [rule, `\t${title}:`, rule];
}
