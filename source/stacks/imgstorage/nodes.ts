import { deviceNode, type NodeId } from '../../core/graph.js';
import type { HostName } from '../../core/host.js';
import type { Image } from './view.js';

/** Node ids of the roll's things. A pool and a volume have a host; an image belongs to its NAS's name. */
export const nodeIds = {
  image: ({ nas, zvol }: Pick<Image, 'nas' | 'zvol'>): NodeId =>
    `imgstorage.image:${nas.name}/${zvol}`,
  vm: (name: string): NodeId => `imgstorage.vm:${name}`,
  target: (nas: string, target: string): NodeId => `imgstorage.target:${nas}/${target}`,
  volume: (host: HostName, volume: string): NodeId => deviceNode(host, `/dev/zvol/${volume}`),
  pool: (host: HostName, pool: string): NodeId => `zfs.pool:${host}/${pool}`,
  device: (host: HostName, device: string): NodeId => deviceNode(host, `/dev/mapper/${device}`),
  disk: (host: HostName, disk: string): NodeId => deviceNode(host, disk),
  /** The same as the iSCSI sessions' own stack has. */
  session: (host: HostName, sid: string): NodeId => `iscsi.session:${host}/${sid}`,
  service: (host: HostName, service: string): NodeId => `imgstorage.service:${host}/${service}`,
};
