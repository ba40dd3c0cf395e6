import { inTouch, peerOf } from '../../fleet/drbd/side.js';
import type { Replica, Resource } from '../../fleet/drbd/state.js';
import { wholeBits } from './proc-drbd.js';

/** The words of DRBD 9 that drbd-utils uses for an 8.4 kernel's states. */
function words(resource: Resource, self: Replica) {
  const peer = inTouch(self) ? peerOf(resource, self) : undefined;
  const works = /Sync[ST]|Verify/.test(self.connection);
  return {
    connection: connectionWord(self),
    peerRole: peer?.role ?? 'Unknown',
    replication: works ? self.connection : peer ? 'Established' : 'Off',
    peerDisk: peer?.disk ?? 'DUnknown',
    done: doneOf(resource),
    suspended: suspendedBy(resource, self),
  };
}

function connectionWord(self: Replica): string {
  if (self.connection === 'WFConnection') return 'Connecting';
  if (inTouch(self)) return 'Connected';
  return self.connection;
}

/** Of a verify it says the whole from the beginning, as the real one does. */
function doneOf({ resync, verify }: Resource): string | undefined {
  if (verify) return '100.00';
  return resync && (((resync.total - resync.left) * 100) / resync.total).toFixed(2);
}

function suspendedBy(resource: Resource, self: Replica): string {
  const by = [
    ...(self.paused ? ['user'] : []),
    ...(inTouch(self) && peerOf(resource, self).paused ? ['peer'] : []),
  ];
  return by.length > 0 ? by.join(',') : 'no';
}

/** `drbdsetup status R` and `drbdadm status R`: only what is worth a word. */
export function statusText(resource: Resource, self: Replica): string {
  const w = words(resource, self);
  const lines = [`${resource.name} role:${self.role}`, `  disk:${self.disk}`];
  if (w.connection === 'Connected') {
    lines.push(`  peer role:${w.peerRole}`);
    const done = w.done === undefined ? '' : ` done:${w.done}`;
    const held = w.suspended === 'no' ? '' : ` resync-suspended:${w.suspended}`;
    lines.push(`    replication:${w.replication} peer-disk:${w.peerDisk}${done}${held}`);
  } else if (w.connection !== 'StandAlone') {
    lines.push(`  peer connection:${w.connection}`);
  }
  return `${lines.join('\n')}\n\n`;
}

/** `drbdsetup status R --verbose --statistics`. */
export function statusStatistics(resource: Resource, self: Replica): string {
  const w = words(resource, self);
  const s = statistics(self);
  const lines = [
    `${resource.name} role:${self.role} suspended:no`,
    '    write-ordering:flush',
    `  volume:0 minor:${resource.minor} disk:${self.disk}`,
    `      size:${resource.size} read:${s.read} written:${s.written} al-writes:${s.al} bm-writes:0 upper-pending:0`,
    '      lower-pending:0 al-suspended:no blocked:no',
  ];
  if (self.connection !== 'StandAlone') {
    const replication = `    volume:0 replication:${w.replication} peer-disk:${w.peerDisk}`;
    lines.push(
      `  peer connection:${w.connection} role:${w.peerRole} congested:no`,
      ...(w.done === undefined
        ? [`${replication} resync-suspended:${w.suspended}`]
        : [`${replication} done:${w.done}`, `        resync-suspended:${w.suspended}`]),
      `        received:${s.received} sent:${s.sent} out-of-sync:${s.outOfSync} pending:0 unacked:0`,
    );
  }
  return `${lines.join('\n')}\n\n`;
}

/** `drbdsetup events2 --now [--statistics]` for one resource, without the closing line. */
export function eventLines(
  resource: Resource,
  self: Replica,
  withStatistics: boolean,
): readonly string[] {
  const w = words(resource, self);
  const s = statistics(self);
  const more = (text: string) => (withStatistics ? ` ${text}` : '');
  const name = `name:${resource.name}`;
  const peer = `peer-node-id:0 conn-name:peer`;
  const lines = [
    `exists resource ${name} role:${self.role} suspended:no${more('write-ordering:flush')}`,
  ];
  if (self.connection !== 'StandAlone') {
    lines.push(
      `exists connection ${name} ${peer} connection:${w.connection} role:${w.peerRole}${more('congested:no')}`,
    );
  }
  lines.push(
    `exists device ${name} volume:0 minor:${resource.minor} disk:${self.disk}${more(
      `size:${resource.size} read:${s.read} written:${s.written} al-writes:${s.al} bm-writes:0 upper-pending:0 lower-pending:0 al-suspended:no blocked:no`,
    )}`,
  );
  if (self.connection !== 'StandAlone') {
    const counts = `received:${s.received} sent:${s.sent} out-of-sync:${s.outOfSync} pending:0 unacked:0`;
    lines.push(
      `exists peer-device ${name} ${peer} volume:0 replication:${w.replication} peer-disk:${w.peerDisk} resync-suspended:${w.suspended}${more(counts)}`,
    );
  }
  return lines;
}

function statistics(self: Replica) {
  return {
    read: Math.round(self.read),
    written: Math.round(self.written),
    al: self.activityLog,
    received: Math.round(self.received),
    sent: Math.round(self.sent),
    outOfSync: wholeBits(self.outOfSync),
  };
}
