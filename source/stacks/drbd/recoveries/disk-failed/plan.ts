import type { Fault } from '../../../../core/form.js';
import { Steps } from '../../../../core/plan-steps.js';
import { clean, listed } from '../../../../core/text.js';
import { bytes } from '../../../../core/units.js';
import type { Drafted } from '../../../../core/wizard.js';
import { sideJson } from '../../steps/side.js';
import { metadataBytes } from '../../wizards/replicated-volume/numbers.js';
import type { Disk } from './disk.js';
import { noGoodPeer, type Judged } from './judge.js';

/** What a plan that gives a side its disk again is made of. */
export interface DiskPlan {
  readonly resource: string;
  readonly judged: Extract<Judged, { readonly ok: true }>;
  readonly disk: Disk;
  /** Of the data as DRBD offers it; null: not known. */
  readonly dataBytes: number | null;
  /** The disk is another one, or its metadata are gone: they are made anew. */
  readonly renew: boolean;
  /** The files name this disk by this very plan. */
  readonly elsewhere?: true;
  /** The sides besides these two. */
  readonly aside: readonly string[];
}

/** The plan that attaches a disk, its metadata made first where it is a new one. */
export function planDisk(input: DiskPlan): Drafted {
  const { resource, judged, disk, renew, elsewhere } = input;
  const { failed, volume, several, other } = judged;
  const faults = faultsOf(input).map((says): Fault => ({ key: 'victim', says: clean(says) }));
  const { target } = failed.side;
  if (!target.ok || disk.kind !== 'there' || faults.length > 0) return { ok: false, faults };
  const on = { ...sideJson(target.params), volume: several ? volume.volume : null };
  const attach = {
    ...{ ...on, minor: volume.minor, backing: disk.path },
    ...(elsewhere && { elsewhere }),
  };
  const replaces = renew && disk.uuid !== undefined ? { replaces: disk.uuid } : {};
  const steps = new Steps('one by one');
  if (renew) {
    const params = { ...attach, sizeBytes: disk.sizeBytes, ...replaces };
    steps.add(failed.host, 'drbd.renew-metadata', params);
  }
  steps.add(failed.host, 'drbd.attach', attach);
  steps.add(failed.host, 'drbd.wait-in-sync', sideJson(target.params));
  if (other?.kind === 'up' && other.side.target.ok) {
    steps.add(other.host, 'drbd.wait-in-sync', sideJson(other.side.target.params));
  }
  const old = `The old copy on ${disk.path} of ${failed.host}: ${failed.end.link.peer}'s data takes its place.`;
  const loses = renew && disk.uuid !== undefined ? [clean(old)] : [];
  return {
    ok: true,
    draft: {
      title: clean(
        `Give ${resource} its disk again on ${failed.host}: ${disk.path}${renew ? ', from blank' : ''}`,
      ),
      steps: steps.list,
      basis: [...failed.side.basis, ...(other?.kind === 'up' ? other.side.basis : [])],
      confirmations: renew
        ? [{ word: disk.path, accepts: clean(renewWords(input, disk.path)) }]
        : [],
      loses,
      putBack: `Nothing is put back: what ${failed.host} lacked was a copy. ${failed.end.link.peer} is not changed.`,
      warnings: warningsOf(input),
    },
  };
}

function renewWords({ judged, disk }: DiskPlan, path: string): string {
  const size = disk.kind === 'there' ? ` (${bytes(disk.sizeBytes)})` : '';
  return `${path} of ${judged.failed.host}${size} is overwritten with the data of ${judged.failed.end.link.peer}`;
}

function faultsOf({ judged, disk, dataBytes, renew }: DiskPlan): readonly string[] {
  const { failed, volume } = judged;
  const faults: string[] = [];
  const peer = noGoodPeer(judged);
  if (peer !== undefined) faults.push(peer);
  if (!failed.side.target.ok) faults.push(failed.side.target.because);
  if (volume.disk !== 'Diskless') {
    const detach = `\`drbdadm detach --force\` on ${failed.host}`;
    faults.push(`DRBD still holds the disk (${volume.disk}): ${detach}, then ask again.`);
  }
  if (disk.kind === 'not there') {
    return [...faults, `${disk.path} of ${failed.host}: ${disk.because}.`];
  }
  const at = `${disk.path} of ${failed.host}`;
  if (disk.closed !== undefined) faults.push(`${at}: ${disk.closed}.`);
  const bad = [disk.first, disk.last].find((test) => test !== 'reads');
  if (bad !== undefined) {
    const how = bad === 'fails' ? 'cannot be read' : 'does not answer';
    faults.push(`${at} ${how}: replace what it stands on (${listed(disk.beneath)}) first.`);
  }
  return [...faults, ...(renew ? renewFaults(at, disk, dataBytes) : attachFaults(at, disk))];
}

function renewFaults(
  at: string,
  { holds, sizeBytes, uuid }: Extract<Disk, { readonly kind: 'there' }>,
  dataBytes: number | null,
): readonly string[] {
  const faults: string[] = [];
  const others = holds.filter((type) => type !== 'drbd');
  if (others.length > 0) {
    faults.push(`${at} holds ${listed(others)}: wipe it yourself if it is the right disk.`);
  }
  // Without it, new metadata could not be told from the old when the run is resumed.
  if (uuid !== undefined && !/^[0-9a-f]{16}$/.test(uuid)) {
    faults.push(`${at} has metadata of DRBD whose id cannot be read: wipe it yourself first.`);
  }
  if (dataBytes === null) return [...faults, 'How large the data is could not be read.'];
  const needed = dataBytes + metadataBytes(dataBytes);
  if (sizeBytes >= needed) return faults;
  return [
    ...faults,
    `${at} has ${bytes(sizeBytes)}; ${bytes(needed)} are needed with the metadata.`,
  ];
}

function attachFaults(
  at: string,
  { holds }: Extract<Disk, { readonly kind: 'there' }>,
): readonly string[] {
  return holds.includes('drbd')
    ? []
    : [`${at} has no metadata of DRBD: it is another disk (renew).`];
}

function warningsOf({ judged, disk, renew, aside }: DiskPlan): readonly string[] {
  const { failed } = judged;
  const errors = disk.errors.length;
  return [
    ...(errors > 0 && !renew
      ? [
          clean(
            `The kernel log of ${failed.host} has errors of this disk; if it fails again, DRBD lets go of it again.`,
          ),
        ]
      : []),
    renew
      ? 'Everything is copied: Ctrl-C leaves the copying to go on by itself; `resume` waits on.'
      : 'What was written meanwhile is copied: Ctrl-C leaves it to go on by itself; `resume` waits on.',
    clean(
      aside.length > 0
        ? `It is copied from ${failed.end.link.peer}: keep it running.`
        : `Until it ends ${failed.end.link.peer} has the only good copy: keep it running.`,
    ),
  ];
}
