import type { HostName, Millis } from '../../../../core/host.js';
import type { Block, Cell } from '../../../../core/pane.js';
import type { Case, Recovery, WayOut } from '../../../../core/recovery.js';
import { clean, listed } from '../../../../core/text.js';
import { bytes } from '../../../../core/units.js';
import { lookAtDevice } from '../../../../tools/device.js';
import { standingBlocks } from '../blocks.js';
import { gathering } from '../gather.js';
import type { Standing } from '../look.js';
import { missCase } from '../miss.js';
import { lookAtDisk, type Disk, type ReadTest } from './disk.js';
import { judge, noGoodPeer, type Judged } from './judge.js';
import { lookElsewhere, waysElsewhere } from './elsewhere.js';
import { planDisk, type DiskPlan } from './plan.js';

/** The recovery, with the clock by which it tells times. */
export function diskFailedRecovery(clock: () => Millis): Recovery {
  return {
    id: 'drbd.disk-failed',
    title: 'Give a DRBD side its disk again',
    says: 'Looks at the disk that DRBD let go of, attaches it again or begins on a new one, and waits for the copying.',
    gather: gathering({ clock, several: 'two of them', judge, caseOf }),
  };
}

async function caseOf(
  standing: Standing,
  judged: Extract<Judged, { readonly ok: true }>,
): Promise<Case> {
  const { failed, volume, other } = judged;
  if (!volume.backing?.startsWith('/dev/')) {
    const happened = `${failed.host} runs ${standing.resource.name} without its disk, and its configuration names none.`;
    return missCase({ ok: false, verdict: 'disk not known', happened, todo: NO_DISK }, [
      ...standingBlocks(standing),
    ]);
  }
  const asked = other?.kind === 'up' ? other.reader : failed.reader;
  const [disk, device] = await Promise.all([
    lookAtDisk(failed.reader, volume.backing),
    lookAtDevice(asked, `/dev/drbd${volume.minor}`),
  ]);
  const dataBytes = device.ok ? device.device.sizeBytes : null;
  const { name: resource } = standing.resource;
  const base = { resource, judged, dataBytes, aside: standing.aside };
  const elsewhere = await lookElsewhere(base, judged);
  return diskCase(standing, { ...base, disk }, elsewhere ? waysElsewhere(elsewhere) : []);
}

const NO_DISK = 'Look at `drbdadm dump` there: the line `disk` of this host.';

function diskCase(
  standing: Standing,
  base: Omit<DiskPlan, 'renew'>,
  more: readonly WayOut[],
): Case {
  const { resource, judged, disk } = base;
  const { failed, volume } = judged;
  const peer = failed.end.link.peer;
  const ways: readonly WayOut[] = [
    {
      value: 'attach',
      says: clean(
        `The disk is sound again: attach ${disk.path}; what was written meanwhile is copied.`,
      ),
      loses: [],
      plan: () => planDisk({ ...base, renew: false }),
    },
    {
      value: 'renew',
      says: clean(
        `It is a new disk: make metadata on ${disk.path}, attach it, and copy everything.`,
      ),
      loses: [],
      plan: () => planDisk({ ...base, renew: true }),
    },
    ...more,
  ];
  const blocked = noGoodPeer(judged);
  const advice = adviceOf(disk, blocked);
  return {
    verdict: volume.disk === 'Diskless' ? 'disk lost' : 'disk failing',
    mendable: true,
    happened: clean(
      `${failed.host} is ${volume.disk} on volume ${volume.volume} of ${resource} (${disk.path}). ${blocked ?? `${peer} has the good copy, and ${failed.host} reads and writes through it.`}`,
    ),
    todo: clean(advice.todo),
    blocks: [...standingBlocks(standing), diskBlock(disk), ...errorBlock(failed.host, disk)],
    ways,
    ...(advice.value !== undefined && {
      recommended: { value: advice.value, reasons: advice.reasons.map(clean) },
    }),
  };
}

interface Advice {
  readonly value?: 'attach' | 'renew';
  readonly reasons: readonly string[];
  readonly todo: string;
}

function adviceOf(disk: Disk, blocked: string | undefined): Advice {
  if (blocked !== undefined) return { reasons: [], todo: blocked };
  if (disk.kind === 'not there') {
    return {
      reasons: [],
      todo: `${disk.path}: ${disk.because}. Put a disk or a logical volume of that name there, then ask again.`,
    };
  }
  if (disk.first !== 'reads' || disk.last !== 'reads') {
    const what = `${disk.path} cannot be read`;
    return { reasons: [], todo: `${what}: replace what it stands on (${listed(disk.beneath)}).` };
  }
  if (disk.holds.length === 0) {
    return {
      value: 'renew',
      reasons: [`${disk.path} is blank and can be read`],
      todo: 'Begin on the new disk.',
    };
  }
  if (disk.holds.includes('drbd')) {
    // That it can be read now says nothing of a disk that failed a write an hour ago.
    if (disk.errors.length > 0) {
      return {
        reasons: [],
        todo: 'It had errors: attach it only if what made them is mended (a cable, a path), else replace it.',
      };
    }
    return {
      value: 'attach',
      reasons: [`${disk.path} can be read, and DRBD's metadata are on it`],
      todo: 'Attach it again.',
    };
  }
  return {
    reasons: [],
    todo: `${disk.path} holds ${listed(disk.holds)}: see whether it is the right disk.`,
  };
}

function diskBlock(disk: Disk): Block {
  const fact = (label: string, value: Cell) => ({ label, value });
  if (disk.kind === 'not there') {
    return { kind: 'text', label: 'the disk', text: clean(`${disk.path}: ${disk.because}`) };
  }
  return {
    kind: 'facts',
    rows: [
      fact('disk', { text: clean(disk.path) }),
      fact('size', { text: bytes(disk.sizeBytes), sort: disk.sizeBytes }),
      fact('stands on', { text: clean(listed(disk.beneath)) }),
      fact('holds', { text: clean(listed(disk.holds)) || 'nothing' }),
      fact('its first block', testCell(disk.first)),
      fact('its last block', testCell(disk.last)),
    ],
  };
}

function testCell(test: ReadTest): Cell {
  switch (test) {
    case 'reads':
      return { text: 'can be read', tone: 'good' };
    case 'fails':
      return { text: 'cannot be read', tone: 'alert' };
    case 'no answer':
      return { text: 'no answer', tone: 'alert' };
  }
}

function errorBlock(host: HostName, { errors }: Disk): readonly Block[] {
  if (errors.length === 0) return [];
  return [
    {
      kind: 'lines',
      label: `errors in the kernel log of ${clean(host)}`,
      lines: errors.map(clean),
    },
  ];
}
