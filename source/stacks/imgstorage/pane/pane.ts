import { bySeverity, type Finding } from '../../../core/finding.js';
import { groupBy } from '../../../core/group.js';
import {
  toneOf,
  UNREAD_SUMMARY,
  type Cell,
  type Metric,
  type Pane,
  type Row,
  type Running,
  type Summary,
  type Tone,
} from '../../../core/pane.js';
import type { Now } from '../../../core/probe.js';
import { clean, count } from '../../../core/text.js';
import { bytes } from '../../../core/units.js';
import { chainOf } from '../chain.js';
import { diagnose } from '../diagnose.js';
import type { Container, Nas } from '../hosts.js';
import { writtenBeside } from '../newest.js';
import { nodeIds } from '../nodes.js';
import { isGoingBack, phaseOf } from '../phase.js';
import {
  leftMetric,
  progressOf,
  receivedMetric,
  receivedOf,
  returnedMetric,
  returnedOf,
} from '../progress.js';
import { lockState } from '../rules/locks.js';
import { picture, type Image } from '../view.js';
import { imageDetails } from './details.js';
import { hostRow } from './hosts.js';
import { deviceCell, lockCell, phaseCell, progressCell } from './words.js';

/** The storage map of every NAS with the container's end beside it, then the containers. */
export const pane: Pane = {
  summary,
  draw: (now) => {
    const { nas, containers, images } = picture(now);
    const findings = groupBy(diagnose(now), ({ subject }) => subject);
    const of = (on: Nas | Container): readonly Finding[] =>
      diagnose(now).filter(
        ({ subject }) =>
          subject === on.name ||
          subject === on.host ||
          subject.startsWith(`${on.host ?? on.name}/`),
      );
    return {
      columns: [
        { title: 'IMAGE', min: 18, grow: 2, cut: 'middle' },
        { title: 'STATE', min: 13 },
        { title: 'HOST', min: 12, grow: 1, cut: 'middle' },
        { title: 'DEVICE', min: 14, grow: 1, drop: 1 },
        { title: 'COPY OR MERGE', min: 16, grow: 1 },
        { title: 'LOCK', min: 6 },
      ],
      rows: [
        ...nas.flatMap((one): readonly Row[] => {
          const own = images.filter((image) => image.nas === one);
          return [
            hostRow(one, own, of(one), hostTone(one, of(one))),
            ...own.map((image) => imageRow(now, image, findings.get(image.subject) ?? [])),
          ];
        }),
        ...containers.map((one) => {
          const own = images.filter((image) => image.far?.container.name === one.name);
          return hostRow(one, own, of(one), hostTone(one, of(one)));
        }),
      ],
      empty: 'No NAS or container of img-storage has answered yet.',
    };
  },
  running,
  metrics,
};

function hostTone(on: Nas | Container, findings: readonly Finding[]): Tone {
  const stale = on.tables.ok && on.tables.stale;
  if (stale || on.host === undefined || !on.local.ok) return 'unknown';
  return worst(findings);
}

function worst(findings: readonly Finding[]): Tone {
  return toneOf(findings.map(({ severity }) => severity).sort(bySeverity)[0]);
}

function imageRow(now: Now, image: Image, findings: readonly Finding[]): Row {
  const chain = chainOf(image);
  const progress = progressOf(now, image);
  const lock = lockState(now, image);
  const stale = image.nas.tables.ok ? image.nas.tables.stale : chain.phase === 'not known';
  const tone = stale ? 'unknown' : worst(findings);
  const host = image.row?.remoteHost ?? image.leftovers[0]?.container.name ?? '';
  const metrics = [leftMetric(image), receivedMetric(image), returnedMetric(image)];
  return {
    id: image.subject,
    depth: 1,
    tone,
    hosts: [image.nas.host, image.far?.container.host].filter((name) => name !== undefined),
    about: [nodeIds.image(image)],
    ...(progress && { metrics }),
    cells: [
      { text: clean(image.zvol) },
      phaseCell(chain.phase, tone),
      hostCell(image, clean(host)),
      deviceCell(image, chain),
      progress ? progressCell(progress) : sizeCell(image),
      lockCell(lock),
    ],
    details: () =>
      imageDetails({
        image,
        findings,
        tone,
        ...(progress && { progress }),
        ...(lock && { lock }),
      }),
  };
}

/** Where it is mapped; what is left over elsewhere is drawn as such. */
function hostCell({ row }: Image, host: string): Cell {
  return row?.remoteHost == null && host !== '' ? { text: host, tone: 'warning' } : { text: host };
}

function sizeCell({ volume }: Image): Cell {
  return { text: volume?.size == null ? '' : bytes(volume.size), tone: 'muted' };
}

function summary(now: Now): Summary {
  const { images, nas } = picture(now);
  if (nas.length === 0) return UNREAD_SUMMARY;
  const mapped = images.filter(({ row }) => row?.remoteHost != null).length;
  const busy = running(now).length;
  return {
    tone: worst(diagnose(now)),
    first: { text: `${mapped}/${count(images.length, 'image')} mapped` },
    second: { text: count(nas.length, 'NAS', 'NAS') },
    third: busy === 0 ? { text: '' } : { text: `${busy} under way`, tone: 'working' },
  };
}

function running(now: Now): readonly Running[] {
  return picture(now).images.flatMap((image): Running[] => {
    const progress = progressOf(now, image);
    if (!progress) return [];
    const { phase, share, bytesPerSecond, secondsLeft, stalled } = progress;
    const [nas, container] = [clean(image.nas.name), clean(image.far?.container.name ?? '')];
    const ways = {
      sending: `${nas} → ${container}`,
      merging: `on ${container}`,
      'copying back': `${container} → ${nas}`,
      returning: `${container} → ${nas}`,
    };
    return [
      {
        id: `imgstorage.${image.subject}`,
        title: `${phase} ${clean(image.zvol)}  ${ways[phase]}`,
        ...(share !== undefined && { share }),
        ...(bytesPerSecond !== undefined && { bytesPerSecond }),
        ...(secondsLeft !== undefined && { secondsLeft }),
        ...(stalled && { stalled }),
      },
    ];
  });
}

/** What is under way, as it goes on; the rates come from these. */
function metrics(now: Now): readonly Metric[] {
  return picture(now).images.flatMap((image): Metric[] => {
    const phase = phaseOf(image);
    const left = image.far?.device && writtenBeside(image.far.device);
    if (phase === 'merging' && left !== undefined) {
      const label = `${image.subject} left to merge`;
      return [{ key: leftMetric(image), label, value: left, unit: 'bytes' }];
    }
    const [key, value] =
      phase === 'sending'
        ? [receivedMetric(image), receivedOf(image.far?.local)]
        : [returnedMetric(image), isGoingBack(phase) ? returnedOf(image) : undefined];
    if (value !== undefined) {
      return [{ key, label: `${image.subject} received`, value, unit: 'bytes' }];
    }
    return [];
  });
}
