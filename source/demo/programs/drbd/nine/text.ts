import {
  endTo,
  hasQuorum,
  isSuspended,
  peersOf,
  type Node9,
  type Resource9,
} from '../../../fleet/nine/state.js';
import { machineNamed, type Fleet } from '../../../fleet/state.js';
import { replication } from './json.js';

/** `drbdadm status R` of DRBD 9: only what is worth a word. */
export function statusText(resource: Resource9, node: Node9): string {
  const held = isSuspended(resource, node) ? ' suspended:quorum' : '';
  const quorum = hasQuorum(resource, node) ? '' : ' quorum:no';
  const client = node.client ? ' client:yes' : '';
  const lines = [
    `${resource.name} role:${node.role}${held}`,
    `  disk:${node.disk}${client}${quorum}`,
    ...peersOf(resource, node).flatMap((peer) => peerLines(resource, node, peer)),
  ];
  return `${lines.join('\n')}\n\n`;
}

function peerLines(resource: Resource9, node: Node9, peer: Node9): readonly string[] {
  const { connection } = endTo(node, peer);
  if (connection !== 'Connected') return [`  ${peer.machine} connection:${connection}`];
  const { word, peerDisk, suspended, done } = replication(resource, node, peer);
  const disk = peer.client ? `${peerDisk} peer-client:yes` : peerDisk;
  const moving = word === 'Established' ? '' : `replication:${word} `;
  const share = done === undefined ? '' : ` done:${done.toFixed(2)}`;
  const held = suspended === 'no' ? '' : ` resync-suspended:${suspended}`;
  const sync = `${moving}peer-disk:${disk}${share}${held}`;
  return [`  ${peer.machine} role:${peer.role}`, `    ${sync}`];
}

/**
 * `drbdsetup get-gi RES PEER VOLUME`: two identifiers of this peer, two of history, seven flags of the node
 * and five of the peer.
 */
export function generationLine(node: Node9, peer: Node9): string {
  const { bitmap, connection } = endTo(node, peer);
  const good = node.disk === 'UpToDate';
  const own = [
    node.disk !== 'Inconsistent',
    good,
    node.role === 'Primary',
    false,
    false,
    false,
    false,
  ];
  const ofPeer = [connection === 'Connected', false, false, false, !peer.client];
  const history = '0000000000000000:0000000000000000';
  return `${node.current}:${bitmap}:${history}:${[...own, ...ofPeer].map(Number).join(':')}\n`;
}

function addressOf(fleet: Fleet, machine: string): string {
  return machineNamed(fleet, machine)?.address ?? '';
}

/** `drbdadm dump R`, as drbdadm 9.22 prints a file of three nodes. */
export function dumpText(fleet: Fleet, resource: Resource9, node: Node9): string {
  const head = [
    `# resource ${resource.name} on ${node.machine}: not ignored, not stacked`,
    `# defined at /etc/drbd.d/${resource.name}.res:1`,
  ];
  return `${head.join('\n')}\n${fileText(fleet, resource)}\n`;
}

/** The resource's file. */
export function fileText(fleet: Fleet, resource: Resource9): string {
  const hosts = resource.nodes.map(
    ({ machine, id, client }) =>
      `    on ${machine} {\n        node-id ${id};\n${client ? '        volume 0 {\n            disk         none;\n        }\n' : ''}        address          ipv4 ${addressOf(fleet, machine)}:${resource.port};\n    }\n`,
  );
  const names = resource.nodes.map(({ machine }) => machine).join(' ');
  const quorum =
    resource.quorum === 'off'
      ? ''
      : '    options {\n        quorum           majority;\n        on-no-quorum     suspend-io;\n    }\n';
  return [
    `resource ${resource.name} {\n    volume 0 {\n        device           minor ${resource.minor};\n        disk             ${resource.backing};\n        meta-disk        internal;\n    }\n`,
    ...hosts,
    `    connection-mesh {\n        hosts ${names};\n    }\n`,
    quorum,
    '    net {\n        cram-hmac-alg    sha1;\n        shared-secret    "simulated";\n    }\n}\n',
  ].join('');
}

/** `drbdsetup show`: what the kernel runs with. */
export function showText(fleet: Fleet, resource: Resource9, node: Node9): string {
  const peers = peersOf(resource, node).map(
    (peer) =>
      `    connection {\n        _peer_node_id ${peer.id};\n        path {\n            _this_host ipv4 ${addressOf(fleet, node.machine)}:${resource.port};\n            _remote_host ipv4 ${addressOf(fleet, peer.machine)}:${resource.port};\n        }\n        net {\n            cram-hmac-alg   \t"sha1";\n            shared-secret   \t"simulated";\n            _name           \t"${peer.machine}";\n        }\n    }\n`,
  );
  const disk = node.client
    ? '            disk\t\t\tnone;\n'
    : `            disk\t\t\t"${resource.backing}";\n            meta-disk\t\t\tinternal;\n`;
  const options =
    resource.quorum === 'off' ? '' : '    options {\n        quorum          \tmajority;\n    }\n';
  return `resource "${resource.name}" {\n${options}    _this_host {\n        node-id\t\t\t${node.id};\n        volume 0 {\n            device\t\t\tminor ${resource.minor};\n${disk}        }\n    }\n${peers.join('')}}\n`;
}

/** /proc/drbd of DRBD 9: the version, and nothing of the devices. */
export function procNine({ name }: { readonly name: string }): string {
  return `version: 9.2.9 (api:2/proto:86-122)\nGIT-hash: e624a7fc7 build by root@${name}, 2024-04-24 09:04:15\nTransports (api:21): tcp (9.2.9)\n`;
}
