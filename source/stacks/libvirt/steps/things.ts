import { z } from 'zod';
import { reads, type Outcome, type Reader } from '../../../core/host.js';
import { linesOf } from '../../../core/text.js';
import { parseXml, type Element } from '../read/xml.js';
import { VIRSH_READS } from '../virsh.js';

/** What libvirt keeps by name, with the same verbs for each. */
export const thingSchema = z.enum(['pool', 'network']);

export type ThingKind = z.infer<typeof thingSchema>;

/** A name that is no option of virsh and needs no quotes anywhere. */
export const nameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.+-]*$/, 'it must be a word of letters, digits, and . _ + -');

/** A folder without blanks, as it is written in a definition and in commands. */
export const pathSchema = z
  .string()
  .regex(/^\/(?!.*\/\.\.?(?:\/|$))[A-Za-z0-9_.:@+/-]*$/, 'it must be a folder such as /srv/vms');

const VERBS: Readonly<Record<ThingKind, string>> = { pool: 'pool', network: 'net' };

/** virsh's word: `pool-start`, `net-start`. */
export function verb(thing: ThingKind, what: string): string {
  return `${VERBS[thing]}-${what}`;
}

/** How it is called in a sentence. */
export function wordOf(thing: ThingKind): string {
  return thing === 'pool' ? 'storage pool' : 'network';
}

/** A pool or a network as libvirt has it now. */
export type Seen =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'there';
      readonly active: boolean;
      readonly autostart: boolean;
      readonly xml: Element;
    }
  | { readonly kind: 'not known'; readonly because: string };

/** Looks at one by its name. Never rejects. */
export async function see(host: Reader, thing: ThingKind, name: string): Promise<Seen> {
  const ask = (what: string) => host.run(reads([...VIRSH_READS, verb(thing, what), name], 30_000));
  const [info, dump] = await Promise.all([ask('info'), ask('dumpxml')]);
  for (const outcome of [info, dump]) {
    if (outcome.kind !== 'exited') return { kind: 'not known', because: outcome.reason };
    if (outcome.stderr.includes(' not found: ')) return { kind: 'absent' };
    if (outcome.code !== 0) return { kind: 'not known', because: lastWords(outcome) };
  }
  const said = info.kind === 'exited' ? info.stdout : '';
  const xml = dump.kind === 'exited' ? parseXml(dump.stdout) : undefined;
  if (!xml) return { kind: 'not known', because: `the definition of ${name} cannot be read` };
  return {
    kind: 'there',
    active: /^(?:State:\s+running|Active:\s+yes)\s*$/m.test(said),
    autostart: /^Autostart:\s+yes\s*$/m.test(said),
    xml,
  };
}

/** What virsh says last, without its `error: `. */
export function lastWords(outcome: Outcome): string {
  if (outcome.kind !== 'exited') return outcome.reason;
  const said = linesOf(outcome.stderr).filter((line) => line.startsWith('error: '));
  return (said.at(-1) ?? `virsh ended with exit code ${outcome.code}`).replace(/^error: /, '');
}

/** For a step's `explain`: virsh's own words, which are plain. */
export function explainVirsh(outcome: Outcome): string | undefined {
  return outcome.kind === 'exited' && outcome.stderr.includes('error: ')
    ? `libvirt says: ${lastWords(outcome)}`
    : undefined;
}
