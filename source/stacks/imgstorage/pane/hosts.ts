import type { Finding } from '../../../core/finding.js';
import type { Block, Cell, Details, Row, Tone } from '../../../core/pane.js';
import { clean, count, listed } from '../../../core/text.js';
import { bytes } from '../../../core/units.js';
import type { Container, Nas } from '../hosts.js';
import { nodeIds } from '../nodes.js';
import type { Seen } from '../seen.js';
import type { Image } from '../view.js';
import { devicesBlock } from './devices.js';

/** The row of a NAS or of a container. */
export function hostRow(
  on: Nas | Container,
  images: readonly Image[],
  findings: readonly Finding[],
  tone: Tone,
): Row {
  const kind = 'targets' in on ? 'NAS' : 'container';
  const locks = 'targets' in on && on.tables.ok ? on.tables.value.locks.length : 0;
  return {
    id: `${kind} ${on.name}`,
    tone,
    hosts: on.host === undefined ? [] : [on.host],
    ...(on.host !== undefined && { about: poolsOf(on).map(({ id }) => id) }),
    cells: [
      { text: clean(on.name) },
      { text: kind, tone: 'muted' },
      serviceCell(on),
      { text: count(images.length, 'image') },
      {
        text: listed(
          poolsOf(on).map(({ says }) => says),
          2,
        ),
      },
      { text: locks === 0 ? '' : count(locks, 'lock') },
    ],
    details: () => hostDetails(on, images, findings, tone),
  };
}

function serviceCell({ local }: Nas | Container): Cell {
  if (!local.ok) return { text: 'not known', tone: 'unknown' };
  const down = [...local.value.services].filter(([, state]) => state !== 'running');
  const [first] = down;
  if (!first) return { text: 'services run', tone: 'plain' };
  return {
    text: clean(`${first[0]} ${first[1]}`),
    tone: first[1] === 'unknown' ? 'unknown' : 'alert',
  };
}

function poolsOf({ volumes, host }: Nas | Container): readonly { id: string; says: string }[] {
  if (!volumes.ok || host === undefined) return [];
  return volumes.value.pools.map(({ name, health }) => {
    const free = volumes.value.datasets.find((one) => one.name === name)?.available;
    const room = free == null ? '' : ` ${bytes(free)} free`;
    const state = health === 'ONLINE' ? '' : ` ${health}`;
    return { id: nodeIds.pool(host, name), says: clean(`${name}${state}${room}`) };
  });
}

function hostDetails(
  on: Nas | Container,
  images: readonly Image[],
  findings: readonly Finding[],
  tone: Tone,
): Details {
  const kind = 'targets' in on ? 'NAS' : 'container';
  return {
    title: `${kind} ${clean(on.name)}`,
    tone,
    state: on.host === undefined ? 'not watched' : serviceCell(on).text,
    blocks: [
      ...findings.map(({ title, says, means, todo }): Block => ({
        kind: 'text',
        label: title,
        text: `${says} ${means} ${todo}`.trim(),
      })),
      { kind: 'facts', rows: factsOf(on).map(([label, text]) => ({ label, value: { text } })) },
      ...('targets' in on ? [targetsBlock(on)] : [devicesBlock(on), sessionsBlock(on)]),
      {
        kind: 'lines',
        label: 'images',
        lines: images.map(
          ({ subject, vm }) => `${subject}${vm === undefined ? '' : ` of ${clean(vm)}`}`,
        ),
      },
    ],
    commands: [
      'targets' in on
        ? { says: 'its map', line: `rocks list host storagemap ${clean(on.name)}` }
        : { says: 'its devices', line: `rocks list host storagedev ${clean(on.name)}` },
      { says: 'what its daemon writes down', line: 'tail /var/log/rocks/img-storage.log' },
    ],
  };
}

function factsOf(on: Nas | Container): readonly (readonly [string, string])[] {
  const { local } = on;
  const config = local.ok ? local.value.config : undefined;
  const globals = 'targets' in on && on.tables.ok ? on.tables.value.globals : undefined;
  const facts: (readonly [string, string])[] = [
    ['host', on.host ?? (local.ok ? '' : local.because)],
    [
      'services',
      local.ok
        ? [...local.value.services].map(([name, state]) => `${name} ${state}`).join(', ')
        : '',
    ],
    [
      'pools',
      poolsOf(on)
        .map(({ says }) => says)
        .join(', '),
    ],
    ['network for iSCSI', config?.network ?? ''],
    ['pool for images', config?.pool ?? ''],
    ['copies at once', config?.workers ?? ''],
    ['copied back every', globals?.has('frequency') ? `${globals.get('frequency')} s` : ''],
    ['upload at most', globals?.get('uploadspeed') ?? ''],
    ['download at most', globals?.get('downloadspeed') ?? ''],
  ];
  return facts
    .map(([label, text]) => [label, clean(text)] as const)
    .filter(([, text]) => text !== '');
}

function notSeen<T>(label: string, seen: Seen<readonly T[]>, draw: (one: T) => string): Block {
  const lines = seen.ok ? seen.value.map((one) => clean(draw(one))) : [clean(seen.because)];
  return { kind: 'lines', label, lines };
}

function targetsBlock({ targets }: Nas): Block {
  return notSeen('targets', targets, ({ tid, name, initiators, stores }) => {
    const who = initiators.map((one) => one.alias ?? one.name);
    return `${tid}: ${name}  ${listed([...stores])}  ${who.length === 0 ? 'nobody logged in' : listed(who)}`;
  });
}

function sessionsBlock({ sessions }: Container): Block {
  return notSeen('sessions', sessions, ({ target, portal, disks }) => {
    return `${target} at ${portal}  ${disks.map(({ device }) => device).join(' ')}`;
  });
}
