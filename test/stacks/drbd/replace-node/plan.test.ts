import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../../../source/core/json.js';
import { drbd } from '../../../../source/stacks/drbd/index.js';
import type { SideLook } from '../../../../source/stacks/drbd/steps/side.js';
import { takePeer } from '../../../../source/stacks/drbd/steps/take-peer.js';
import { replaceNodeSpec as spec } from '../../../../source/stacks/drbd/wizards/replace-node/index.js';
import type { Found } from '../../../../source/stacks/drbd/wizards/replace-node/look.js';
import { changeNode } from '../../../../source/stacks/drbd/wizards/replace-node/text.js';
import { assertGolden, draftOf, faultsOf } from '../../../support/carry-out.js';
import { draftText } from '../../../support/draft-text.js';
import { EXTENT, foundOn, groupOf, hostOf, resourceOf } from '../replicated-volume/found.js';
import { answering, proc84, type Answers } from '../support.js';

const TEXT = `# the house's own
resource small {
  net {
    shared-secret <<kept:shared-secret:1>>;
  }
  on fiori {
    address ipv4 192.168.3.6:7790;
    volume 0 { device /dev/drbd3 minor 3; disk /dev/vg0/small; meta-disk internal; }
  }
  on torchio {
    address   ipv4 192.168.3.7:7790; # the second rack
    volume 0 { device /dev/drbd3 minor 3; disk /dev/vg0/small; meta-disk internal; }
  }
}
`;

const small = { ...resourceOf('small', 3, 7790), file: '/etc/drbd.d/small.res', text: TEXT };
const fiori = hostOf('fiori', 6, {
  resources: [small],
  volumes: [
    {
      ...{ group: groupOf('fiori'), name: 'small', sizeBytes: 10 * EXTENT, holds: ['drbd'] },
      uuid: '2c7ac131582688bf',
    },
  ],
});
const braciere = hostOf('braciere', 8);

type SideNow = Extract<SideLook, { readonly ok: true }>['side'];

const WAITING: SideNow = {
  ...{ role: 'Primary', connection: 'WFConnection', link: 'waiting', touches: false },
  volumes: [
    {
      ...{ minor: 3, disk: 'UpToDate', peerDisk: 'DUnknown', activity: 'off', percent: null },
      ...{ kibPerSecond: null, secondsLeft: null, outOfSyncKiB: 64, pausedBy: [] },
    },
  ],
};

function found(change: Partial<SideNow> = {}, more: Partial<Found> = {}): Found {
  const side: SideLook = { ok: true, side: { ...WAITING, ...change } };
  return {
    ...foundOn(fiori, braciere),
    sides: new Map([['fiori small', side]]),
    paths: new Map([['fiori small', { kind: 'silent', address: '192.168.3.7' }]]),
    ...more,
  };
}

const ANSWERS = { first: 'fiori', resource: 'small', second: 'braciere', address: '192.168.3.8' };

function plan(of: Found, answers: object = {}) {
  return spec.plan(of, spec.answers.parse({ ...ANSWERS, ...answers }));
}

test('the plan says every command, as it was reviewed once', () => {
  const golden = new URL('../../../../../test/stacks/drbd/replace-node/plan.txt', import.meta.url);
  assertGolden(golden, draftText(draftOf(plan(found())), drbd.steps));
});

test('both nodes have the same bytes then, but for the secret, which a person gives to the new one', () => {
  const { steps, secrets } = draftOf(plan(found()));
  const [there, here] = steps.flatMap(({ kind, params }) =>
    kind === 'file.edit' && typeof params === 'object' && params !== null && 'after' in params
      ? [typeof params.after === 'string' ? params.after : '']
      : [],
  );
  assert.equal(there?.replace('"<<secret:shared-secret>>"', '<<kept:shared-secret:1>>'), here);
  assert.deepEqual(
    secrets?.map(({ from }) => from),
    ['asked'],
  );
});

test('a name and an address change, and every other byte stays', () => {
  const change = {
    resource: 'small',
    from: 'torchio',
    to: 'braciere',
    address: '192.168.3.8:7790',
  };
  const changed = changeNode(TEXT, change);
  assert.ok(changed.ok);
  assert.equal(
    changed.text,
    TEXT.replace('on torchio', 'on braciere').replace(
      'address   ipv4 192.168.3.7:7790;',
      'address ipv4 192.168.3.8:7790;',
    ),
  );
  const both = changeNode(TEXT.replace('on torchio', 'on torchio other'), change);
  assert.ok(!both.ok && both.because.includes('no section `on torchio` of its own'));
  const startup = TEXT.replace('  net {', '  startup { become-primary-on torchio; }\n  net {');
  const named = changeNode(startup, change);
  assert.ok(!named.ok && named.because.includes('`become-primary-on torchio` too'));
});

test('a file whose columns are aligned by hand has internal metadata all the same', () => {
  const text = TEXT.replaceAll('meta-disk internal', 'meta-disk        internal');
  const host = { ...fiori, resources: [{ ...small, text }] };
  assert.equal(draftOf(plan(found({}, foundOn(host, braciere)))).steps.length, 11);
  const beside = { ...small, text: TEXT.replaceAll('meta-disk internal', 'meta-disk /dev/vg0/m') };
  const external = foundOn({ ...fiori, resources: [beside] }, braciere);
  assert.match(faultsOf(plan(found({}, external))).join(), /its metadata are external/);
});

test('a node that is called otherwise among us is named by both, since that may be the old one’s name', () => {
  const renamed = { ...braciere, name: 'torchio' };
  const { title } = draftOf(plan(found({}, foundOn(fiori, renamed)), { second: 'torchio' }));
  assert.equal(title, 'braciere (torchio) takes the place of torchio in small');
});

test('a peer that is connected, or whose address answers, is not gone', () => {
  assert.match(
    faultsOf(plan(found({ link: 'in touch', connection: 'Connected', touches: true }))).join(),
    /torchio is connected: it is not gone/,
  );
  const paths = new Map([['fiori small', { kind: 'answers', address: '192.168.3.7' } as const]]);
  assert.match(
    faultsOf(plan(found({}, { paths }))).join(),
    /192\.168\.3\.7 answers: torchio is running/,
  );
});

test('nothing is copied from a side that is not whole, nor onto a node of the old name', () => {
  const volumes = WAITING.volumes.map((one) => ({ ...one, disk: 'Outdated' }));
  assert.match(faultsOf(plan(found({ volumes }))).join(), /the data is not whole/);
  const torchio = { ...braciere, facts: { ...braciere.facts, uname: 'torchio' } };
  const same = found({}, foundOn(fiori, torchio));
  assert.match(faultsOf(plan(same)).join(), /recover drbd\.peer-lost brings it back/);
  assert.match(
    faultsOf(plan(found(), { address: '192.168.3.9' })).join(),
    /does not have the address/,
  );
});

test('the form proposes the resource that waits, and the address in the network of both', () => {
  const asked = spec.questions(found(), {});
  assert.deepEqual(
    asked.map(({ key, default: value }) => [key, value]),
    [
      ['first', 'fiori'],
      ['resource', 'small'],
      ['second', 'braciere'],
      ['address', '192.168.3.8'],
    ],
  );
});

const PARAMS: Json = {
  ...{ resource: 'small', minors: [3], driver: '8.4' },
  ...{ address: '192.168.3.8:7790', called: 'braciere' },
};

async function verdict(device: string, shown: string, adjust: string): Promise<string> {
  const bound = takePeer.bind(PARAMS);
  assert.ok(bound.ok);
  const answers: Answers = {
    'cat /proc/drbd': proc84(device),
    'drbdsetup show': shown,
    'drbdadm -d adjust': adjust,
  };
  const said = await bound.step.check(answering('fiori', answers));
  return 'because' in said ? `${said.kind}: ${said.because}` : said.kind;
}

const ALONE = ' 3: cs:WFConnection ro:Primary/Unknown ds:UpToDate/DUnknown C r-----';
const show = (address: string) =>
  `resource small { _remote_host { address ipv4 ${address}; } _this_host { volume 0 { device minor 3; } } }\n`;

test('the living side takes its new peer once, and only where nothing else would change', async () => {
  const lines = 'drbdsetup-84 disconnect\ndrbdsetup-84 connect\n';
  assert.equal(await verdict(ALONE, show('192.168.3.7:7790'), lines), 'notYet');
  assert.equal(await verdict(ALONE, show('192.168.3.8:7790'), ''), 'done');
  const moves = await verdict(ALONE, show('192.168.3.7:7790'), 'drbdsetup-84 detach\n');
  assert.match(moves, /^refused: .*would run drbdsetup-84 detach/);
  const back = ' 3: cs:Connected ro:Primary/Secondary ds:UpToDate/UpToDate C r-----';
  assert.match(await verdict(back, show('192.168.3.7:7790'), lines), /^refused: .*not gone/);
});
