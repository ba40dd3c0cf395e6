import { reads, type HostName, type Reader } from '../../../../core/host.js';
import { linesOf } from '../../../../core/text.js';
import {
  parseExports,
  rowsOf,
  type ExportRow,
  type ExportsFile,
} from '../../../../files/exports.js';
import { lookAtFirewall, type Firewall } from '../../../../steps/firewall/look.js';
import { readText } from '../../../../tools/read-text.js';
import { serverProbe } from '../../probes.js';
import type { ServerFacts } from '../../read/server-facts.js';

/** A host that may export. */
export interface ServerHost {
  readonly ok: true;
  readonly name: HostName;
  readonly facts: ServerFacts;
  /** /etc/exports; null: there is none. */
  readonly text: string | null;
  readonly file: ExportsFile;
  /** `exportfs` is there. */
  readonly installed: boolean;
  readonly apt: boolean;
  /** `nfs-server`, `nfs-kernel-server`, `nfs`: what starts nfsd; undefined: not known. */
  readonly unit?: string;
  readonly atBoot: boolean;
  readonly firewall: Firewall;
}

/** What was found on a host, or why nothing was. */
export type FoundServer =
  ServerHost | { readonly ok: false; readonly name: HostName; readonly because: string };

/** All that the wizard looked at. */
export interface Found {
  readonly hosts: readonly FoundServer[];
}

const FACTS = [
  'command -v exportfs >/dev/null 2>&1 && echo installed',
  'command -v apt-get >/dev/null 2>&1 && echo apt',
  'for u in nfs-server nfs-kernel-server nfs; do [ -e "/lib/systemd/system/$u.service" ] || [ -e "/usr/lib/systemd/system/$u.service" ] || continue; echo "unit $u"; [ "$(systemctl is-enabled "$u" 2>/dev/null)" = enabled ] && echo at-boot; break; done',
  'true',
].join('\n');

/** Looks at all hosts at a time. Never rejects. */
export async function look(hosts: readonly Reader[]): Promise<Found> {
  return { hosts: await Promise.all(hosts.map(lookAtServer)) };
}

async function lookAtServer(host: Reader): Promise<FoundServer> {
  const { name } = host;
  const [facts, more, text, firewall] = await Promise.all([
    serverProbe.read(host),
    host.run(reads(['sh', '-c', FACTS], 15_000)),
    readText(host, '/etc/exports'),
    lookAtFirewall(host),
  ]);
  if (facts.kind === 'failed') return { ok: false, name, because: facts.failure.what };
  if (facts.kind === 'absent') return { ok: false, name, because: facts.because };
  if (more.kind !== 'exited') return { ok: false, name, because: more.reason };
  if ('because' in text) return { ok: false, name, because: text.because };
  if ('because' in firewall) return { ok: false, name, because: firewall.because };
  const lines = linesOf(more.stdout);
  const unit = lines.find((line) => line.startsWith('unit '))?.slice(5);
  return {
    ok: true,
    name,
    facts: facts.value,
    text: text.text,
    file: parseExports(text.text ?? ''),
    installed: lines.includes('installed'),
    apt: lines.includes('apt'),
    ...(unit !== undefined && { unit }),
    atBoot: lines.includes('at-boot'),
    firewall,
  };
}

/** Those that could be looked at. */
export function knownServers({ hosts }: Found): readonly ServerHost[] {
  return hosts.filter((host) => host.ok);
}

/** How an export is named in answers and by exportfs. */
export function exportKey({ client, path }: Pick<ExportRow, 'client' | 'path'>): string {
  return `${client}:${path}`;
}

/** The exports of a host's file that a table does not have any more, by client and path. */
export function withdrawnFrom(
  { file }: ServerHost,
  wanted: readonly Pick<ExportRow, 'client' | 'path'>[],
): readonly ExportRow[] {
  const keys = new Set(wanted.map(exportKey));
  return rowsOf(file).filter((row) => !keys.has(exportKey(row)));
}
