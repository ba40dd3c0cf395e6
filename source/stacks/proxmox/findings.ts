import { quoteLines } from '../../core/evidence.js';
import type { Finding } from '../../core/finding.js';
import type { Now } from '../../core/probe.js';
import { clean, listed } from '../../core/text.js';
import { percent } from '../../core/units.js';
import { isSet } from './config.js';
import { storageNode } from './graph.js';
import { storagesProbe } from './probe.js';
import { biggest, storageViews, type StorageView } from './view.js';

/** All that is wrong with storages. */
export function diagnose(now: Now): readonly Finding[] {
  return storageViews(now).flatMap((view) => [
    ...inactive(view, now),
    ...full(view, now),
    ...bareFolder(view, now),
  ]);
}

function base(
  view: StorageView,
  now: Now,
): Pick<Finding, 'subject' | 'hosts' | 'evidence' | 'about' | 'remedies'> {
  return {
    subject: view.id,
    hosts: view.nodes.map(({ host }) => host),
    evidence: now
      .known(storagesProbe)
      .filter(({ host }) => view.nodes.some((node) => node.host === host))
      .flatMap((reading) => quoteLines(reading, (line) => line.startsWith(`${view.name} `))),
    about: view.nodes.map(({ host }) => storageNode(host, view.name)),
    remedies: [],
  };
}

function inactive(view: StorageView, now: Now): readonly Finding[] {
  const down = view.nodes.filter(({ status }) => status === 'inactive').map(({ host }) => host);
  if (down.length === 0) return [];
  const name = clean(view.name);
  return [
    {
      ...base(view, now),
      code: 'PROXMOX_STORAGE_INACTIVE',
      severity: 'alert',
      title: 'Proxmox storage inactive',
      hosts: down,
      says: `${name} is not active on ${listed(down)}.`,
      means: 'Guests whose disks lie there cannot start or move there.',
      todo: 'Look whether what it stands on is mounted and answers; `pvesm status` says more on stderr.',
    },
  ];
}

function full(view: StorageView, now: Now): readonly Finding[] {
  const { used = 0, total = 0 } = biggest(view) ?? {};
  const share = total > 0 ? used / total : 0;
  if (share < 0.9) return [];
  return [
    {
      ...base(view, now),
      code: 'PROXMOX_STORAGE_FULL',
      severity: share >= 0.99 ? 'alert' : 'warning',
      title: 'Proxmox storage full',
      says: `${clean(view.name)} is ${percent(share)} full.`,
      means: 'Guests stop when their disks cannot grow.',
      todo: 'Free space on it, or move disks away.',
    },
  ];
}

/** A shared folder that nothing says must be mounted: unmounted, guests would fill the root disk. */
function bareFolder(view: StorageView, now: Now): readonly Finding[] {
  const { config } = view;
  if (config?.type !== 'dir' || !isSet(config, 'shared') || isSet(config, 'is_mountpoint')) {
    return [];
  }
  return [
    {
      ...base(view, now),
      code: 'PROXMOX_STORAGE_NO_MOUNTPOINT',
      severity: 'warning',
      title: 'shared folder may be unmounted unseen',
      says: `${clean(view.name)} is a shared folder and not marked as a mount point.`,
      means: `Where ${clean(config.settings.get('path') ?? 'it')} is not mounted it is active all the same, empty, and what is written lands on the root disk.`,
      todo: `If it is a mount point: pvesm set ${clean(view.name)} --is_mountpoint yes`,
    },
  ];
}
