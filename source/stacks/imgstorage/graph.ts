import {
  deviceNode,
  GUEST,
  hostNode,
  type Fragment,
  type GraphEdge,
  type GraphNode,
  type NodeId,
} from '../../core/graph.js';
import type { HostName } from '../../core/host.js';
import type { Now } from '../../core/probe.js';
import { clean } from '../../core/text.js';
import { nodeIds } from './nodes.js';
import { machinesProbe } from './probes/frontend.js';
import type { Dataset } from '../../tools/zfs.js';
import type { Far } from './far.js';
import { picture, type Image } from './view.js';

/** The nodes and edges that are being put together. */
interface Draft {
  readonly nodes: Map<NodeId, GraphNode>;
  readonly edges: GraphEdge[];
  readonly aliases: (readonly NodeId[])[];
}

/**
 * A virtual machine stands on its image; the image on the device of its container, and on its volume on
 * the NAS as far as its phase needs that: over iSCSI it dies with it, with its own volume on the container
 * it only lacks its copy.
 */
export function graph(now: Now): Fragment {
  const draft: Draft = { nodes: new Map(), edges: [], aliases: [] };
  for (const image of picture(now).images) addImage(draft, image);
  for (const { value } of now.known(machinesProbe)) {
    for (const { vm } of value.nas)
      add(draft, { id: nodeIds.vm(vm), kind: GUEST, name: clean(vm) });
  }
  return { nodes: [...draft.nodes.values()], edges: draft.edges, aliases: draft.aliases };
}

function add({ nodes }: Draft, node: GraphNode): NodeId {
  if (!nodes.has(node.id)) nodes.set(node.id, node);
  return node.id;
}

function stand(draft: Draft, upper: NodeId, lower: NodeId, group: string, needs = 1): void {
  draft.edges.push({ upper, lower, group, needs });
}

function addImage(draft: Draft, image: Image): void {
  const { nas, volume, far, vm, subject } = image;
  const id = add(draft, { id: nodeIds.image(image), kind: 'image', name: subject });
  if (vm !== undefined) {
    const guest = add(draft, { id: nodeIds.vm(vm), kind: GUEST, name: clean(vm) });
    stand(draft, guest, id, 'disk');
  }
  const stored = nas.host !== undefined && volume ? addVolume(draft, nas.host, volume) : undefined;
  const target = stored === undefined ? undefined : addTarget(draft, image, stored);
  const used = far && addFar(draft, far, target);
  if (used !== undefined) stand(draft, id, used, 'device');
  // Where it is not mapped, or the container could not be looked at, the NAS has it.
  if (stored !== undefined) stand(draft, id, stored, 'NAS', used === undefined ? 1 : 0);
}

function addVolume(draft: Draft, host: HostName, { name }: Dataset): NodeId {
  const id = add(draft, { id: nodeIds.volume(host, name), kind: 'zvol', host, name: clean(name) });
  draft.aliases.push([id, deviceNode(host, `/dev/${name}`)]);
  const pool = name.split('/')[0] ?? name;
  const beneath = add(draft, {
    id: nodeIds.pool(host, pool),
    kind: 'pool',
    host,
    name: clean(pool),
  });
  stand(draft, id, beneath, 'pool');
  stand(draft, beneath, hostNode(host), 'host');
  return id;
}

function addTarget(draft: Draft, { target, nas }: Image, volume: NodeId): NodeId | undefined {
  if (!target) return undefined;
  const id = add(draft, {
    id: nodeIds.target(nas.name, target.name),
    kind: 'target',
    ...(nas.host !== undefined && { host: nas.host }),
    name: clean(target.name),
  });
  stand(draft, id, volume, 'volume');
  return id;
}

/** What a container has of an image; what the image is used by there is given back. */
function addFar(draft: Draft, far: Far, target: NodeId | undefined): NodeId | undefined {
  const { container, session, disk, device, local, temp } = far;
  const { host } = container;
  if (host === undefined) return undefined;
  const own = local && addVolume(draft, host, local);
  const beside = temp && addVolume(draft, host, temp);
  const remote = disk === undefined ? undefined : addDisk(draft, host, disk);
  if (remote !== undefined && session) {
    const name = `${clean(session.target)} at ${clean(session.portal)}`;
    const login = nodeIds.session(host, session.sid);
    stand(draft, remote, add(draft, { id: login, kind: 'session', host, name }), 'session');
    if (target !== undefined) stand(draft, login, target, 'target');
  }
  if (!device) return remote;
  const id = add(draft, {
    id: nodeIds.device(host, device.name),
    kind: 'mapped image',
    host,
    name: clean(device.name),
  });
  const origin = device.target === 'snapshot' ? remote : own;
  if (origin !== undefined) stand(draft, id, origin, 'origin');
  if (device.target !== 'linear' && beside !== undefined) stand(draft, id, beside, 'memory');
  return id;
}

function addDisk(draft: Draft, host: HostName, disk: string): NodeId {
  return add(draft, { id: nodeIds.disk(host, disk), kind: 'device', host, name: clean(disk) });
}
