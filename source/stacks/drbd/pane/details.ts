import type { Finding } from '../../../core/finding.js';
import type { Block, Details, Tone } from '../../../core/pane.js';
import { clean, listed } from '../../../core/text.js';
import { bytes } from '../../../core/units.js';
import type { Resource } from '../view.js';
import { mendedHosts } from '../works.js';
import { cell, connectionTone, connectionWord, diskTone } from './cells.js';
import { commandsFor } from './commands.js';
import { evidenceBlocks, logBlocks } from './proof.js';
import { allSides, pairBlock } from './sides.js';

/** A resource laid open: both sides next to each other, what it means, and the proof. */
export function resourceDetails(
  resource: Resource,
  findings: readonly Finding[],
  tone: Tone,
): Details {
  const [worst] = findings;
  return {
    title: clean(resource.label),
    tone,
    state: worst ? worst.title.replace(/^DRBD /, '') : 'in order',
    blocks: [
      ...(resource.pairs.length === 1
        ? resource.pairs.map((pair) => pairBlock(resource, pair))
        : [allSides(resource)]),
      ...(resource.pairs.length > 1 ? [connectionTable(resource)] : []),
      ...findings.flatMap(findingText),
      ...(resource.byMinor ? [byMinorText(resource)] : []),
      ...evidenceBlocks(resource, findings),
      ...logBlocks(resource),
    ],
    commands: commandsFor(resource, findings),
  };
}

function connectionTable(resource: Resource): Block {
  return {
    kind: 'table',
    label: 'Connections',
    columns: [
      { title: 'from', min: 10, grow: 1, cut: 'middle' },
      { title: 'to', min: 10, grow: 1, cut: 'middle' },
      { title: 'connection', min: 12 },
      { title: 'peer’s disk', min: 12 },
      { title: 'differs', min: 9, align: 'right' },
    ],
    rows: resource.replicas.flatMap((replica) =>
      replica.links.flatMap((link) =>
        link.volumes.map((leg) => [
          cell(replica.host),
          cell(replica.volumes.length > 1 ? `${link.peer}/${leg.volume}` : link.peer),
          cell(connectionWord(link, leg), connectionTone(link, leg)),
          cell(
            leg.peerDisk,
            diskTone(leg.peerDisk, leg.peerClient, mendedHosts(resource).has(link.peer)),
          ),
          cell(leg.outOfSyncKiB === null ? '–' : bytes(leg.outOfSyncKiB * 1024)),
        ]),
      ),
    ),
  };
}

function findingText(found: Finding): readonly Block[] {
  return [
    { kind: 'text', label: found.title, text: found.says },
    { kind: 'text', label: 'What it means', text: found.means },
    { kind: 'text', label: 'What to do', text: found.todo },
  ];
}

function byMinorText({ replicas }: Resource): Block {
  const hosts = listed(replicas.map(({ host }) => host));
  return {
    kind: 'text',
    label: 'Name not known',
    text: `Neither the kernel nor the configuration gave a name. The sides on ${hosts} are laid together by their minor number alone; they may be different resources.`,
  };
}
