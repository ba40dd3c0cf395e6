import { reads, type HostName, type Reader } from '../../../../core/host.js';
import { linesOf } from '../../../../core/text.js';
import { parseHosts, type HostsFile } from '../../../../files/hosts.js';
import { lookAtFirewall, type Firewall } from '../../../../steps/firewall/look.js';
import { lookAtFlavour } from '../../flavour/look.js';
import type { Flavour } from '../../flavour/parse.js';

/** What was found on a host, or why nothing was. */
export type FoundHost =
  | {
      readonly ok: true;
      readonly name: HostName;
      readonly flavour: Flavour;
      readonly firewall: Firewall;
      /** /etc/hosts as it stands. */
      readonly hostsText: string;
      readonly hostsFile: HostsFile;
      /** Its metadata server is to be the master, by its config. */
      readonly isMaster: boolean;
      /** URAFT_FLOATING_IP, where one is configured. */
      readonly floating?: string;
      /** Where its uraft listens: to the other nodes over UDP, and for who asks how it stands. */
      readonly uraft: { readonly nodes: number; readonly status: number };
    }
  | { readonly ok: false; readonly name: HostName; readonly because: string };

/** A host that was found whole. */
export type KnownHost = Extract<FoundHost, { readonly ok: true }>;

/** All that the wizard looked at. */
export interface Found {
  readonly hosts: readonly FoundHost[];
}

/** Who is the master, and the address that wanders with it. No other setting is told. */
const SETTINGS =
  'for f in /etc/mfs/*.cfg /etc/lizardfs/*.cfg /etc/saunafs/*.cfg; do [ -r "$f" ] && grep -hE "^[[:blank:]]*(PERSONALITY|URAFT_FLOATING_IP|URAFT_PORT|URAFT_STATUS_PORT)[[:blank:]]*=" "$f"; done; true';

/** Looks at all hosts at a time. Never rejects. */
export async function look(hosts: readonly Reader[]): Promise<Found> {
  return { hosts: await Promise.all(hosts.map(lookAtHost)) };
}

async function lookAtHost(host: Reader): Promise<FoundHost> {
  const { name } = host;
  const [flavour, firewall, hostsText, settings] = await Promise.all([
    lookAtFlavour(host),
    lookAtFirewall(host),
    host.run(reads(['cat', '--', '/etc/hosts'])),
    host.run(reads(['sh', '-c', SETTINGS])),
  ]);
  if (!flavour.ok) return { ok: false, name, because: flavour.because };
  if ('because' in firewall) return { ok: false, name, because: firewall.because };
  if (hostsText.kind !== 'exited' || hostsText.code !== 0 || hostsText.capped === true) {
    return { ok: false, name, because: '/etc/hosts cannot be read' };
  }
  const lines = settings.kind === 'exited' ? linesOf(settings.stdout) : [];
  const set = new Map(
    lines.map((line) => {
      const [key = '', value = ''] = line.split('=').map((part) => part.trim());
      return [key, value] as const;
    }),
  );
  const floating = set.get('URAFT_FLOATING_IP');
  return {
    ok: true,
    name,
    flavour: flavour.flavour,
    firewall,
    hostsText: hostsText.stdout,
    hostsFile: parseHosts(hostsText.stdout),
    isMaster: set.get('PERSONALITY')?.toLowerCase() === 'master',
    ...(floating !== undefined && floating !== '' && { floating }),
    uraft: {
      nodes: portOf(set.get('URAFT_PORT'), 9427),
      status: portOf(set.get('URAFT_STATUS_PORT'), 9428),
    },
  };
}

function portOf(text: string | undefined, byDefault: number): number {
  const port = Number(text);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : byDefault;
}
