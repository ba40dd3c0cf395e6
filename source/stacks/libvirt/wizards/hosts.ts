import { closed, open, type Choice, type Fault, type Question } from '../../../core/form.js';
import { reads, type HostName, type Reader } from '../../../core/host.js';
import { clean } from '../../../core/text.js';
import { lookAtLibvirt } from '../probe.js';
import type { Report } from '../read/report.js';
import { VIRSH_READS } from '../virsh.js';

/** A host with libvirt, or why there is nothing to be done on it. */
export type KvmHost =
  | {
      readonly ok: true;
      readonly name: HostName;
      readonly report: Report;
      /** The definitions of what libvirt brings with it, where it is there: of its pool or network. */
      readonly defaultXml?: string;
    }
  | { readonly ok: false; readonly name: HostName; readonly because: string };

/** The hosts that can be worked on. */
export type AbleHost = Extract<KvmHost, { readonly ok: true }>;

/** Looks at a host, and at the pool or network that libvirt brings with it. Never rejects. */
export async function lookAtHost(
  host: Reader,
  dump: 'pool-dumpxml' | 'net-dumpxml',
): Promise<KvmHost> {
  const { name } = host;
  const [answer, own] = await Promise.all([
    lookAtLibvirt(host),
    host.run(reads([...VIRSH_READS, dump, DEFAULT], 30_000)),
  ]);
  if (answer.kind === 'absent') return { ok: false, name, because: answer.because };
  if (answer.kind === 'failed') return { ok: false, name, because: answer.failure.what };
  const { daemon } = answer.value;
  if (!daemon.answers) {
    const because = `libvirtd does not answer (${clean(daemon.because)}): systemctl start libvirtd`;
    return { ok: false, name, because };
  }
  const xml = own.kind === 'exited' && own.code === 0 ? own.stdout : undefined;
  return { ok: true, name, report: answer.value, ...(xml !== undefined && { defaultXml: xml }) };
}

/** What libvirt's packages bring: a pool in /var/lib/libvirt/images, a network behind NAT. */
export const DEFAULT = 'default';

/** The hosts that can be worked on. */
export function able(hosts: readonly KvmHost[]): readonly AbleHost[] {
  return hosts.filter((host) => host.ok);
}

/** Of those the chosen ones. */
export function chosenHosts(hosts: readonly KvmHost[], names: unknown): readonly AbleHost[] {
  return able(hosts).filter(({ name }) => !Array.isArray(names) || names.includes(name));
}

/** On which hosts it is to be done. */
export function hostsQuestion(hosts: readonly KvmHost[], explains: string): Question {
  return {
    key: 'hosts',
    ask: 'On which hosts?',
    explains,
    kind: 'many',
    least: 1,
    columns: [
      { title: 'HOST', min: 10, grow: 1 },
      { title: 'GUESTS', min: 6, align: 'right' },
    ],
    choices: hosts.map((host): Choice => {
      const guests = host.ok ? String(host.report.guests.length) : '';
      return {
        value: host.name,
        cells: [{ text: host.name }, { text: guests }],
        gate: host.ok ? open : closed(host.because),
      };
    }),
    default: able(hosts).map(({ name }) => name),
  };
}

/** What stands against the hosts that were chosen. */
export function hostFaults(hosts: readonly KvmHost[], names: readonly string[]): readonly Fault[] {
  return names.flatMap((name) => {
    const host = hosts.find((one) => one.name === name);
    if (host?.ok === true) return [];
    const because = host?.because ?? 'it is not among the hosts that were looked at';
    return [{ key: 'hosts', says: `${name}: ${because}` }];
  });
}
