import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drbd } from '../../../source/stacks/drbd/index.js';
import { parseDump } from '../../../source/stacks/drbd/read/configuration.js';
import { parseStatusJson } from '../../../source/stacks/drbd/read/status-json.js';
import { sideOf9 } from '../../../source/stacks/drbd/steps/side-9.js';
import { codes, nowOf, type Answers } from './support.js';

/** As drbdadm of drbd-utils 9.22 printed a file whose volume stands outside of the hosts. */
const DUMP = `# resource r0 on vm: not ignored, not stacked
# defined at /etc/drbd.d/r0.res:2
resource r0 {
    volume 0 {
        device           minor 10;
        disk             /dev/vg0/r0;
        meta-disk        internal;
    }
    on vm {
        node-id 0;
        address          ipv4 127.0.0.1:7000;
    }
    on torchio {
        node-id 1;
        address          ipv4 192.0.2.2:7000;
    }
    on braciere {
        node-id 2;
        volume 0 {
            disk         none;
        }
        address          ipv4 192.0.2.3:7000;
    }
    connection-mesh {
        hosts vm torchio braciere;
    }
}
`;

interface Leg {
  readonly connection?: string;
  readonly disk?: string;
  readonly role?: string;
  readonly client?: boolean;
  readonly replication?: string;
}

interface Told {
  readonly role?: string;
  readonly disk?: string;
  readonly client?: boolean;
  readonly quorum?: boolean;
  readonly suspendedBy?: string;
  readonly peers: Readonly<Record<string, Leg>>;
}

/** `drbdsetup status --json` of one of three nodes. */
function status({ peers, ...own }: Told): string {
  const suspended = own.suspendedBy === undefined ? {} : { [`suspended-${own.suspendedBy}`]: true };
  const connections = Object.entries(peers).map(([name, leg], id) => ({
    'peer-node-id': id,
    name,
    'connection-state': leg.connection ?? 'Connected',
    'peer-role': leg.role ?? 'Secondary',
    peer_devices: [
      {
        volume: 0,
        'replication-state': leg.replication ?? (leg.connection ? 'Off' : 'Established'),
        'peer-disk-state': leg.disk ?? (leg.connection ? 'DUnknown' : 'UpToDate'),
        'peer-client': leg.client ?? false,
        'out-of-sync': 0,
      },
    ],
  }));
  const device = {
    volume: 0,
    minor: 10,
    'disk-state': own.disk ?? 'UpToDate',
    client: own.client ?? false,
    quorum: own.quorum ?? true,
  };
  const resource = {
    name: 'r0',
    'node-id': 9,
    role: own.role ?? 'Secondary',
    suspended: own.suspendedBy !== undefined,
    ...suspended,
    devices: [device],
    connections,
  };
  return JSON.stringify([resource]);
}

function answers(told: Told, more: Answers = {}): Answers {
  return {
    'cat /proc/drbd': 'version: 9.2.8 (api:2/proto:86-122)\nTransports (api:20): tcp (9.2.8)\n',
    'status --json': status(told),
    ...more,
  };
}

test('a volume that all hosts share is each host’s, and what a host says of it comes first', () => {
  const [resource] = parseDump(DUMP).value;
  assert.deepEqual(resource?.self?.volumes, [{ volume: 0, minor: 10, disk: '/dev/vg0/r0' }]);
  assert.deepEqual(
    resource.others.map(({ name, volumes }) => [name, volumes[0]?.minor, volumes[0]?.disk]),
    [
      ['torchio', 10, '/dev/vg0/r0'],
      ['braciere', 10, null],
    ],
  );
});

const CLIENT = { disk: 'Diskless', client: true };
const CUT = { connection: 'Connecting' };

test('a node without a disk by intention is no trouble; without intention it is', async () => {
  const calm = {
    fiori: answers({ role: 'Primary', peers: { torchio: {}, braciere: CLIENT } }),
    torchio: answers({ peers: { fiori: { role: 'Primary' }, braciere: CLIENT } }),
    braciere: answers({ ...CLIENT, peers: { fiori: { role: 'Primary' }, torchio: {} } }),
  };
  assert.deepEqual(codes(await nowOf(calm)), []);
  const lost = answers({ disk: 'Diskless', peers: { fiori: { role: 'Primary' }, torchio: {} } });
  assert.deepEqual(codes(await nowOf({ ...calm, braciere: lost })), ['DRBD_DISKLESS']);
});

test('a Primary without quorum says why its I/O is held, and that nothing is written', async () => {
  const now = await nowOf({
    fiori: answers({
      role: 'Primary',
      quorum: false,
      suspendedBy: 'quorum',
      peers: { torchio: CUT, braciere: CUT },
    }),
    torchio: answers({ peers: { fiori: CUT, braciere: CLIENT } }),
    braciere: answers({ ...CLIENT, peers: { fiori: CUT, torchio: {} } }),
  });
  const found = drbd.diagnose(now);
  const said = (code: string) => found.filter((one) => one.code === code);
  assert.match(said('DRBD_IO_SUSPENDED')[0]?.says ?? '', /suspended on fiori: it has no quorum\.$/);
  assert.match(said('DRBD_IO_SUSPENDED')[0]?.todo ?? '', /goes on by itself/);
  assert.match(said('DRBD_QUORUM_LOST')[0]?.says ?? '', /does not reach torchio and braciere/);
  assert.deepEqual(
    said('DRBD_WAITING_FOR_PEER').map(({ means }) => means.split('.')[0]),
    [
      'Nothing is written meanwhile: I/O is held back',
      'One of the two keeps no copy: it counts for the quorum alone',
    ],
  );
  const [row] = drbd.pane.draw(now).rows;
  assert.deepEqual(
    row?.cells.slice(1, 3).map(({ text }) => text),
    ['I/O held', 'no quorum'],
  );
});

test('of three copies one is missing: two are left, and that is said', async () => {
  const now = await nowOf({
    fiori: answers({ role: 'Primary', peers: { torchio: {}, braciere: CUT } }),
    torchio: answers({ peers: { fiori: { role: 'Primary' }, braciere: CUT } }),
  });
  const found = drbd.diagnose(now).find(({ subject }) => subject.startsWith('r0 fiori'));
  assert.match(found?.means ?? '', /is on fiori and torchio, and missing on the other/);
});

test('two Primaries that have parted are not told to write into one another', async () => {
  const mount = {
    'find /dev/drbd': 'r0/0 ../../../drbd10\n',
    mounts: '/dev/drbd10 /srv ext4 rw 0 0\n',
  };
  const told = (peer: string, leg: Leg) =>
    answers({ role: 'Primary', peers: { [peer]: leg } }, mount);
  const parted = { connection: 'StandAlone' };
  const apart = await nowOf({ fiori: told('torchio', parted), torchio: told('fiori', parted) });
  assert.ok(!codes(apart).includes('DRBD_DUAL_PRIMARY_WITHOUT_CLUSTER_FS'));
  const both = { role: 'Primary' };
  const joined = await nowOf({ fiori: told('torchio', both), torchio: told('fiori', both) });
  assert.ok(codes(joined).includes('DRBD_DUAL_PRIMARY_WITHOUT_CLUSTER_FS'));
});

test('towards all peers the worst counts, towards one that one, and a client is no copy', () => {
  const read = parseStatusJson(status({ peers: { torchio: CUT, braciere: {}, alare: CLIENT } }));
  const [resource] = read.ok ? read.value.resources : [];
  assert.ok(resource);
  const all = sideOf9(resource, undefined);
  assert.deepEqual(
    [all?.link, all?.touches, all?.volumes[0]?.peerDisk],
    ['waiting', true, 'DUnknown'],
  );
  const one = sideOf9(resource, 'braciere');
  assert.deepEqual([one?.link, one?.volumes[0]?.peerDisk], ['in touch', 'UpToDate']);
  assert.equal(sideOf9(resource, 'fornello'), undefined);
});

const RECOVERY = drbd.recoveries?.find(({ id }) => id === 'drbd.split-brain');

function gi(current: string, bitmap: string): string {
  return `${current}:${bitmap}:0000000000000000:0000000000000000:1:1:0:0:0:0:0:0:0:0:0\n`;
}

test('while a third side is silent nothing of a split brain is discarded', async () => {
  const { answering } = await import('./support.js');
  const alone = { connection: 'StandAlone' };
  const host = (name: string, peer: string, current: string) =>
    answering(
      name,
      answers(
        { peers: { [peer]: alone, braciere: CUT } },
        { 'get-gi r0': gi(current, '5879F08F637B4E90'), 'drbdadm sh-minor': '10\n' },
      ),
    );
  const hosts = new Map([
    ['fiori', host('fiori', 'torchio', 'AAAA000000000000')],
    ['torchio', host('torchio', 'fiori', 'BBBB000000000000')],
  ]);
  const found = await RECOVERY?.gather('r0', hosts);
  assert.equal(found?.verdict, 'split brain, a side unknown');
  assert.match(found.todo, /braciere/);
  assert.deepEqual(found.ways, []);
});
