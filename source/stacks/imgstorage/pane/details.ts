import type { Finding } from '../../../core/finding.js';
import type { Block, Cell, Details, Tone } from '../../../core/pane.js';
import { clean } from '../../../core/text.js';
import { bytes, duration, rate } from '../../../core/units.js';
import { chainOf, type Chain } from '../chain.js';
import { newestOf } from '../newest.js';
import type { Progress } from '../progress.js';
import type { LockState } from '../rules/locks.js';
import { shellWord } from '../rules/make.js';
import { DATABASE } from '../roll.js';
import type { Image } from '../view.js';
import { STANDING_TONES } from './words.js';

/** What the details of an image are made from. */
export interface ImageScene {
  readonly image: Image;
  readonly progress?: Progress;
  readonly lock?: LockState;
  readonly findings: readonly Finding[];
  readonly tone: Tone;
}

/** An image laid open: its chain, where its newest data is, and what goes on. */
export function imageDetails(scene: ImageScene): Details {
  const { image, findings, tone } = scene;
  const chain = chainOf(image);
  return {
    title: `image ${image.subject}`,
    tone,
    state: chain.phase,
    blocks: [
      ...findings.map(({ title, says, means, todo }): Block => ({
        kind: 'text',
        label: title,
        text: [says, means, todo].filter((one) => one !== '').join(' '),
      })),
      chainBlock(chain),
      { kind: 'text', label: 'newest data', text: newestOf(image).says },
      { kind: 'facts', rows: factsOf(scene).map(([label, text]) => ({ label, value: { text } })) },
    ],
    commands: commandsFor(image),
  };
}

/** The chain as a table, the break marked. */
export function chainBlock({ links, broken }: Chain): Block {
  return {
    kind: 'table',
    label: 'chain',
    columns: [
      { title: 'PART', min: 19 },
      { title: 'STANDS', min: 13 },
      { title: 'WHAT', min: 20, grow: 1, cut: 'middle' },
    ],
    rows: links.map((link): readonly Cell[] => [
      { text: `${link === broken ? '> ' : '  '}${link.part}` },
      { text: link.standing, tone: STANDING_TONES[link.standing] },
      { text: link.says },
    ]),
  };
}

type Fact = readonly [string, string];

function factsOf({ image, progress, lock }: ImageScene): readonly Fact[] {
  const { row, volume, vm, schedule, target, snapshots, nas, far } = image;
  const facts: Fact[] = [
    ['virtual machine', clean(vm ?? '')],
    ['size', volume?.size == null ? '' : bytes(volume.size)],
    ['on the NAS', volume?.referenced == null ? '' : `${bytes(volume.referenced)} written`],
    ['snapshots there', snapshots.length === 0 ? '' : String(snapshots.length)],
    ['mode', row?.remoteHost == null ? '' : row.sync ? 'copied to the container' : 'over iSCSI'],
    ['pool there', clean(row?.remotePool ?? far?.row?.zpool ?? '')],
    ['target', clean(row?.target ?? target?.name ?? '')],
    ['lock', lockWords(lock)],
    ['next copy back', nextWords(schedule?.next ?? null, nas.at)],
    ...progressFacts(progress),
    ['told by', image.secondHand ? 'the daemon, to the frontend' : ''],
  ];
  return facts.filter(([, text]) => text !== '');
}

function lockWords(state: LockState | undefined): string {
  if (!state) return '';
  const age = state.age === undefined ? 'held' : `held for ${duration(state.age)}`;
  const caller = state.caller === undefined ? '' : `, the caller is ${state.caller}`;
  return clean(`${age} for ${state.lock.replyTo}${caller}`);
}

function nextWords(next: number | null, at: number | null): string {
  if (next === null || at === null) return '';
  return next <= at ? 'due' : `in ${duration(next - at)}`;
}

function progressFacts(progress: Progress | undefined): readonly Fact[] {
  if (!progress) return [];
  const { done, left, bytesPerSecond, secondsLeft, age } = progress;
  return [
    ['done', done === undefined ? '' : bytes(done)],
    ['left', left === undefined ? '' : bytes(left)],
    ['rate', bytesPerSecond === undefined ? '' : rate(bytesPerSecond)],
    ['time left', secondsLeft === undefined ? '' : duration(secondsLeft)],
    ['under way for', age === undefined ? '' : duration(age)],
  ];
}

/** What an administrator would type to see the same. None of them changes anything. */
function commandsFor({ nas, zvol, far, leftovers }: Image): Details['commands'] {
  const on = far ?? leftovers[0];
  const device = shellWord(`${zvol}-snap`);
  const volume = on?.local?.name ?? on?.temp?.name;
  return [
    { says: 'the map of the NAS', line: `rocks list host storagemap ${shellWord(nas.name)}` },
    {
      says: `what its daemon remembers, on ${clean(nas.name)}`,
      line: `sqlite3 -readonly ${DATABASE} ${shellWord(`select * from zvols where zvol = '${zvol.replaceAll("'", "''")}'`)}`,
    },
    {
      says: `who is logged in, on ${clean(nas.name)}`,
      line: 'tgtadm --lld iscsi --mode target --op show',
    },
    ...(on
      ? [
          { says: `its device, on ${clean(on.container.name)}`, line: `dmsetup status ${device}` },
          { says: 'its sessions', line: 'iscsiadm -m session -P 3' },
          ...(volume === undefined
            ? []
            : [{ says: 'its volumes', line: `zfs list -t all -r ${shellWord(volume)}` }]),
        ]
      : []),
  ];
}
