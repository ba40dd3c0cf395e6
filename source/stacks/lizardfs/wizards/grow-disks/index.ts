import { z } from 'zod';
import { closed, open, type Choice, type Fault, type Question } from '../../../../core/form.js';
import { count, listed } from '../../../../core/text.js';
import { bytes } from '../../../../core/units.js';
import { defineWizard, type Drafted, type WizardSpec } from '../../../../core/wizard.js';
import { isListed } from '../../steps/disk-at.js';
import { Steps } from '../../../../core/plan-steps.js';
import { look, type Found, type FoundDisk, type Place } from './look.js';

const answersSchema = z.strictObject({
  disks: z
    .array(z.string().min(1))
    .min(1, 'choose at least one disk')
    .describe('HOST:PATH, as mfshdd.cfg has the path'),
});

type GrowAnswers = z.infer<typeof answersSchema>;

/** A chunk disk that was chosen and can grow. */
type Target = FoundDisk & { readonly place: Place };

/** A disk, a LUN or a volume is larger than before: the file system of the chunks takes all of it. */
export const growDisksSpec: WizardSpec<Found, GrowAnswers> = {
  id: 'lizardfs.grow-disks',
  title: 'Chunk disks that became larger',
  says: 'Lets the file systems of chunk disks grow to the size of the disks, LUNs or volumes beneath them.',
  answers: answersSchema,
  look,
  questions,
  plan,
};

/** The wizard, as the stack offers it. */
export const growDisks = defineWizard(growDisksSpec);

function questions(found: Found): readonly Question[] {
  const silent = found.silent.map(({ name, because }) => ` ${name}: ${because}.`).join('');
  return [
    {
      key: 'disks',
      ask: 'Which chunk disks grow?',
      explains: `Those whose device is larger than their file system. The host must see the new size first: a LUN is rescanned (\`echo 1 > /sys/block/SDX/device/rescan\`, then \`multipathd resize map\`), a volume extended (\`lvextend\`), a disk replaced by a larger one with the same content. They stay in use meanwhile.${silent}`,
      kind: 'many',
      columns: [
        { title: 'HOST', min: 8 },
        { title: 'CHUNK DISK', min: 14, grow: 2, cut: 'middle' },
        { title: 'TYPE', min: 4, drop: 1 },
        { title: 'NOW', min: 9, align: 'right' },
        { title: 'DEVICE', min: 9, align: 'right' },
      ],
      choices: found.disks.map(choice),
      default: found.disks.flatMap(({ key, because }) => (because === undefined ? [key] : [])),
    },
  ];
}

function choice({ key, host, path, place, because }: FoundDisk): Choice {
  return {
    value: key,
    cells: [
      { text: host },
      { text: path },
      { text: place?.type ?? '' },
      { text: place ? bytes(place.fromBytes) : '' },
      { text: place ? bytes(place.deviceBytes) : '' },
    ],
    gate: because === undefined ? open : closed(because),
  };
}

function plan(found: Found, { disks }: GrowAnswers): Drafted {
  const targets = found.disks.flatMap((disk): readonly Target[] => {
    const { place } = disk;
    const takes = disks.includes(disk.key) && place && disk.because === undefined;
    return takes ? [{ ...disk, place }] : [];
  });
  const faults = disks.flatMap((key) => faultOf(found, key));
  if (faults.length > 0) return { ok: false, faults };
  const steps = new Steps();
  const done = new Set<string>();
  for (const { host, place } of targets) {
    // Two folders of chunks may lie on one file system.
    if (done.has(`${host}:${place.target}`)) continue;
    done.add(`${host}:${place.target}`);
    steps.add(host, 'file-system.grow', { ...place });
  }
  const waited = addWait(steps, found, targets);
  return {
    ok: true,
    draft: {
      title: `${count(done.size, 'file system')} of chunk disks ${done.size === 1 ? 'grows' : 'grow'} on ${listed([...new Set(targets.map(({ host }) => host))])}`,
      steps: steps.list,
      basis: [],
      confirmations: [],
      loses: [],
      putBack: 'The file systems stay as large as they are: they cannot be made smaller in use.',
      warnings: [
        ...targets.flatMap(mixed),
        ...(waited ? [] : ['No master lists all of them: that it sees the space is not checked.']),
      ],
    },
  };
}

/** The master must list the new space: most of what was added, since a part is the file system's own. */
function addWait(
  steps: Steps,
  { master, listed: list }: Found,
  targets: readonly Target[],
): boolean {
  if (!master) return false;
  const wanted = targets.flatMap(({ host, addresses, path, place }) => {
    const own = { host, addresses: [...addresses, '127.0.0.1'], path };
    const before = list.find((disk) => isListed(disk, own));
    if (!before) return [];
    const more = Math.floor((place.deviceBytes - place.fromBytes) / 2);
    return [{ ...own, leastBytes: before.totalBytes + more }];
  });
  if (wanted.length === 0) return false;
  const { from, admin, place } = master;
  steps.add(from, 'lizardfs.wait-for-growth', { admin, place: { ...place }, wanted }, steps.ends);
  return wanted.length === targets.length;
}

/** LizardFS fills disks to one share, so a larger one gets more of everything. */
function mixed({ host, path, place }: Target): readonly string[] {
  return place.target === path
    ? []
    : [`${host}: ${path} lies on the file system at ${place.target}, which grows as a whole.`];
}

function faultOf({ disks, silent }: Found, key: string): readonly Fault[] {
  const disk = disks.find((one) => one.key === key);
  if (disk?.because !== undefined) return [{ key: 'disks', says: `${key}: ${disk.because}` }];
  if (disk) return [];
  const host = silent.find(({ name }) => key.startsWith(`${name}:`));
  const because = host
    ? `${host.name} could not be looked at: ${host.because}`
    : 'there is no such chunk disk';
  return [{ key: 'disks', says: `${key}: ${because}` }];
}
