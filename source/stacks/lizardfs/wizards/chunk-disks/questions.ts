import { closed, open, type Choice, type Question } from '../../../../core/form.js';
import { notLookedAt } from '../../../../core/not-looked-at.js';
import type { Column } from '../../../../core/pane.js';
import { listed } from '../../../../core/text.js';
import { bytes } from '../../../../core/units.js';
import type { Answers } from '../../../../core/wizard.js';
import { chosenKeys } from './answers.js';
import type { Found, FoundDisk } from './look.js';

const columns: readonly Column[] = [
  { title: 'HOST', min: 8 },
  { title: 'DISK', min: 8 },
  { title: 'SIZE', min: 9, align: 'right' },
  { title: 'HOLDS', min: 12, grow: 2 },
  { title: 'MODEL', min: 10, grow: 1, drop: 2 },
  { title: 'SERIAL', min: 10, grow: 1, cut: 'middle', drop: 1 },
  { title: 'ID', min: 12, grow: 2, cut: 'middle', drop: 3 },
];

/** The questions, in their order. */
export function questions(found: Found, answers: Answers): readonly Question[] {
  const disks = found.hosts.flatMap((host) => (host.ok ? host.disks : []));
  const chosen = chosenKeys(answers);
  const lost = disks.filter(({ key, because }) => because === undefined && chosen.has(key));
  return [disksQuestion(found, disks), ...acceptQuestion(lost), fileSystem(found), mountRoot];
}

function disksQuestion(found: Found, disks: readonly FoundDisk[]): Question {
  const silent = notLookedAt(found.hosts);
  return {
    key: 'disks',
    ask: 'Which disks are to hold chunks?',
    explains: `A file system is made on each, which fills the whole disk. Disks in use cannot be chosen.${silent}`,
    kind: 'many',
    columns,
    choices: disks.map(diskChoice),
    default: [],
    least: 1,
  };
}

function diskChoice(disk: FoundDisk): Choice {
  const { device, host, key, holds, because, path } = disk;
  const id = path?.slice('/dev/disk/by-id/'.length) ?? '';
  const holdsData = holds.length > 0;
  return {
    value: key,
    cells: [
      { text: host },
      { text: device.type === 'mpath' ? device.name : device.kernelName },
      { text: bytes(device.sizeBytes), sort: device.sizeBytes },
      holdsCell(because, holds),
      { text: device.model },
      { text: device.serial },
      { text: id },
    ],
    gate: because === undefined ? open : closed(because),
    ...(because === undefined && holdsData && { accepts: `its ${listed(holds)} is lost` }),
  };
}

function holdsCell(because: string | undefined, holds: readonly string[]): Choice['cells'][number] {
  if (because !== undefined) return { text: because, tone: 'muted' };
  if (holds.length > 0) return { text: listed(holds), tone: 'warning' };
  return { text: 'blank', tone: 'good' };
}

/** Each signature is accepted by its own name. */
function acceptQuestion(disks: readonly FoundDisk[]): readonly Question[] {
  const choices = disks.flatMap(({ key, host, device, holds }): Choice[] =>
    holds.map((signature) => ({
      value: `${key} ${signature}`,
      cells: [
        { text: host },
        { text: device.kernelName },
        { text: signature, tone: 'warning' },
        { text: key.slice(key.lastIndexOf('/') + 1) },
      ],
      // Choosing it is the acceptance itself.
      gate: open,
    })),
  );
  if (choices.length === 0) return [];
  return [
    {
      key: 'accept',
      ask: 'What may be lost?',
      explains: 'These disks are not blank. Each thing on them is accepted by its own name.',
      kind: 'many',
      columns: [
        { title: 'HOST', min: 8 },
        { title: 'DISK', min: 8 },
        { title: 'IS LOST', min: 12, grow: 1 },
        { title: 'ID', min: 12, grow: 2, cut: 'middle', drop: 1 },
      ],
      choices,
      default: [],
    },
  ];
}

function fileSystem(found: Found): Question {
  const lacking = (maker: string): readonly string[] =>
    found.hosts.flatMap((host) =>
      host.ok && !host.facts.makers.includes(maker) ? [host.name] : [],
    );
  const choice = (value: string, says: string): Choice => {
    const without = lacking(`mkfs.${value}`);
    return {
      value,
      cells: [{ text: value }, { text: says }],
      gate: without.length === 0 ? open : closed(`mkfs.${value} is not on ${listed(without)}`),
    };
  };
  return {
    key: 'fileSystem',
    ask: 'Which file system?',
    explains: 'Chunks are files of up to 64 MiB; either will do.',
    kind: 'one',
    choices: [choice('ext4', 'known everywhere'), choice('xfs', 'for very large disks')],
    default: 'ext4',
  };
}

const mountRoot: Question = {
  key: 'mountRoot',
  ask: 'Beneath which folder are they mounted?',
  explains: 'Each disk gets a folder there with the name that it has in /dev/disk/by-id.',
  kind: 'text',
  default: '/mnt',
};
