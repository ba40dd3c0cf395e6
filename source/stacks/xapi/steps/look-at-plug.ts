import type { Command, Reader } from '../../../core/host.js';
import { reads } from '../../../core/host.js';
import { linesOf } from '../../../core/text.js';
import { beneathOf, type Beneath } from '../beneath.js';
import { listCommand, xeFailure } from '../probes/xe.js';
import { FIELDS, parsePbds, type Pbd } from '../read/lists.js';
import { parseMountLine } from '../read/mount-table.js';
import type { PlugParams } from './params.js';

/** A PBD and what lies beneath it now, on its own host. */
export type PlugLook =
  | { readonly ok: true; readonly pbd?: Pbd; readonly beneath: Beneath }
  | { readonly ok: false; readonly because: string };

/** Looks at a PBD from its own host. Never rejects. */
export async function lookAtPlug(host: Reader, params: PlugParams): Promise<PlugLook> {
  const { sr, location } = params;
  const list = listCommand('pbd-list', FIELDS.pbds, `sr-uuid=${sr}`, `host-uuid=${params.host}`);
  const mountinfo = reads(['cat', '/proc/self/mountinfo']);
  const [listed, mounted] = await Promise.all([host.run(list), host.run(mountinfo)]);
  if (listed.kind !== 'exited' || listed.code !== 0) {
    return { ok: false, because: xeFailure(host.name, list, listed).means };
  }
  if (mounted.kind !== 'exited' || mounted.code !== 0) {
    return { ok: false, because: 'what is mounted on the host cannot be read' };
  }
  const read = parsePbds(listed.stdout);
  if (!read.ok)
    return { ok: false, because: `xe answered something else: expected ${read.expected}` };
  const [pbd] = read.value;
  const mounts = linesOf(mounted.stdout).flatMap((line) => parseMountLine(line) ?? []);
  const config = new Map(location === null ? [] : [['location', location]]);
  const kind = location === null ? '' : 'file';
  const beneath = beneathOf(
    { type: kind, uuid: sr },
    { config, attached: pbd?.attached ?? false },
    { mounts },
  );
  return { ok: true, beneath, ...(pbd && { pbd }) };
}

/** What is there instead of the mounted file system; undefined: it is mounted. */
export function notMountedWords(beneath: Beneath): string | undefined {
  if (beneath.kind === 'other') return undefined;
  if (beneath.kind !== 'folder') return 'what lies beneath it is not known';
  if (!beneath.onRoot) return undefined;
  const { location, on } = beneath;
  return `nothing is mounted at ${location} or above it: it is a folder of the host's own disk (${on.source})`;
}

/** `xe` on the PBD that a host has for a repository; its UUID is found when it is run. */
export function onPlug(
  verb: 'plug' | 'unplug' | 'destroy',
  params: PlugParams,
): Command<'changes'> {
  const script = `xe pbd-${verb} uuid="$(xe pbd-list sr-uuid="$1" host-uuid="$2" params=uuid --minimal)"`;
  // A plug waits for whatever lies beneath: an NFS server that does not answer takes minutes.
  const deadline = verb === 'destroy' ? 60_000 : 600_000;
  return { argv: ['sh', '-c', script, 'sh', params.sr, params.host], effect: 'changes', deadline };
}
