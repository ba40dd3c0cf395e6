import type { Finding } from '../../../core/finding.js';
import type { Block, Details, Tone } from '../../../core/pane.js';
import { clean, listed } from '../../../core/text.js';
import { bytes } from '../../../core/units.js';
import type { Guest, Network, Pool } from '../read/state.js';
import { shellWord } from '../rules/make.js';
import { atBoot, mountOf } from '../storage.js';
import { guestsIn, poolOf, sourceText, type HostView } from '../view.js';

type Fact = readonly [string, string];

/** A pool laid open: what it is, what it stands on, which guests lie in it. */
export function poolDetails(
  view: HostView,
  pool: Pool,
  findings: readonly Finding[],
  tone: Tone,
): Details {
  const { report, host } = view;
  const word = shellWord(pool.name);
  const mount = pool.target === '' ? undefined : mountOf(report, pool.target);
  const boot = pool.target === '' ? undefined : atBoot(report, pool.target);
  const guests = guestsIn(report, pool);
  return laidOpen(
    `pool ${clean(pool.name)} on ${host}`,
    pool.state,
    findings,
    tone,
    [
      facts([
        ['type', pool.type],
        ['folder', pool.target],
        ['made of', listed(pool.sources)],
        ['lies on', mount ? `${mount.point} (${mount.type} ${mount.source})` : ''],
        ['size', pool.capacity > 0 ? bytes(pool.capacity) : ''],
        ['left', pool.capacity > 0 ? bytes(pool.available) : ''],
        ['starts at boot', pool.autostart ? 'yes' : 'no'],
        ['storage at boot', boot ? (boot.there ? 'there' : boot.because) : ''],
        ['persistent', pool.persistent ? '' : 'no: it is gone once it is stopped'],
      ]),
      {
        kind: 'table',
        label: 'guests in it',
        columns: [
          { title: 'GUEST', min: 10, grow: 1 },
          { title: 'STATE', min: 10 },
        ],
        rows: guests.map(({ name, state }) => [{ text: clean(name) }, { text: clean(state) }]),
      },
    ],
    [
      { says: 'its definition', line: `virsh pool-dumpxml ${word}` },
      { says: 'what lies in it', line: `virsh vol-list ${word} --details` },
    ],
  );
}

/** A network laid open. */
export function networkDetails(
  view: HostView,
  network: Network,
  findings: readonly Finding[],
  tone: Tone,
): Details {
  const word = shellWord(network.name);
  const guests = view.report.guests.filter(({ networks }) => networks.includes(network.name));
  const state = network.active ? 'active' : 'inactive';
  return laidOpen(
    `network ${clean(network.name)} on ${view.host}`,
    state,
    findings,
    tone,
    [
      facts([
        [
          'leads',
          network.forward === 'isolated' ? 'to its guests and the host only' : network.forward,
        ],
        ['bridge', network.bridge],
        ...network.addresses.flatMap(({ address, prefix, dhcp }): Fact[] => [
          ['address', `${address}/${prefix}`],
          ['DHCP', dhcp ? `${dhcp.from} to ${dhcp.to}` : 'none'],
        ]),
        ['starts at boot', network.autostart ? 'yes' : 'no'],
        [
          'guests on it',
          listed(
            guests.map(({ name }) => name),
            8,
          ),
        ],
      ]),
    ],
    [
      { says: 'its definition', line: `virsh net-dumpxml ${word}` },
      { says: 'who got an address', line: `virsh net-dhcp-leases ${word}` },
    ],
  );
}

/** A guest laid open: where each of its disks lies, down to the mount. */
export function guestDetails(
  view: HostView,
  guest: Guest,
  findings: readonly Finding[],
  tone: Tone,
): Details {
  const word = shellWord(guest.name);
  const rows = guest.disks.flatMap(({ target, device, sources }) =>
    sources.map((source, depth) => {
      const mount = source.kind === 'file' ? mountOf(view.report, source.path) : undefined;
      return [
        { text: clean(depth === 0 ? target : '  beneath') },
        { text: clean(device) },
        { text: clean(sourceText(source)) },
        { text: clean(poolOf(view.report, source)?.name ?? '–') },
        { text: clean(mount ? `${mount.point} (${mount.source})` : '–') },
      ];
    }),
  );
  const state = guest.reason === '' ? guest.state : `${guest.state} (${guest.reason})`;
  return laidOpen(
    `guest ${clean(guest.name)} on ${view.host}`,
    state,
    findings,
    tone,
    [
      facts([
        ['state', state],
        ['disk errors', listed(guest.diskErrors)],
        ['networks', listed(guest.networks)],
      ]),
      {
        kind: 'table',
        label: 'disks',
        columns: [
          { title: 'DISK', min: 9 },
          { title: 'KIND', min: 6 },
          { title: 'SOURCE', min: 20, grow: 2, cut: 'middle' },
          { title: 'POOL', min: 8 },
          { title: 'MOUNT', min: 12, grow: 1, cut: 'middle' },
        ],
        rows,
      },
    ],
    [
      { says: 'its disks', line: `virsh domblklist ${word} --details` },
      { says: 'disk errors', line: `virsh domblkerror ${word}` },
      { says: 'its state and why', line: `virsh domstate ${word} --reason` },
    ],
  );
}

/** A host whose libvirt does not answer. */
export function hostDetails(view: HostView, findings: readonly Finding[], tone: Tone): Details {
  const { daemon } = view.report;
  const because = daemon.answers ? '' : daemon.because;
  return laidOpen(
    `libvirt on ${view.host}`,
    'no answer',
    findings,
    tone,
    [
      facts([
        ['virsh says', because],
        ['to be started at boot', daemon.answers || !daemon.wanted ? 'no' : 'yes'],
        ['guests that run', daemon.answers ? '' : listed(daemon.running, 8)],
      ]),
    ],
    [{ says: 'the daemon', line: 'systemctl status libvirtd' }],
  );
}

function laidOpen(
  title: string,
  state: string,
  findings: readonly Finding[],
  tone: Tone,
  blocks: readonly Block[],
  commands: Details['commands'],
): Details {
  const [first] = findings;
  return {
    title,
    tone,
    state: first?.title ?? clean(state),
    blocks: [
      ...findings.map(({ title: label, says, means, todo }): Block => {
        return { kind: 'text', label, text: `${says} ${means} ${todo}` };
      }),
      ...blocks.filter((block) => block.kind !== 'table' || block.rows.length > 0),
    ],
    commands,
  };
}

function facts(rows: readonly Fact[]): Block {
  return {
    kind: 'facts',
    rows: rows
      .filter(([, text]) => text !== '')
      .map(([label, text]) => ({ label, value: { text: clean(text) } })),
  };
}
