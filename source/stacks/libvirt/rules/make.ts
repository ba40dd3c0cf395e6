import { quoteLines } from '../../../core/evidence.js';
import type { Evidence, Finding } from '../../../core/finding.js';
import { quote } from '../../../core/quote.js';
import { clean } from '../../../core/text.js';
import type { HostView } from '../view.js';

/** A finding without what every one of this stack has alike. */
export type Found = Omit<Finding, 'hosts' | 'remedies' | 'evidence'> & {
  /** Words of the lines that prove it. */
  readonly proof: readonly string[];
};

/** The finding on its host, with the host's own lines. */
export function finding(view: HostView, { proof, ...found }: Found): Finding {
  return { ...found, hosts: [view.host], remedies: [], evidence: proofOf(view, proof) };
}

/** The script that asks is long, so it is named by what it asks of libvirt. */
function proofOf({ reading }: HostView, words: readonly string[]): readonly Evidence[] {
  return quoteLines(reading, (line) =>
    words.some((word) => word !== '' && line.includes(word)),
  ).map((one) => ({
    ...one,
    command: 'virsh pool-info, net-info, domstate, dumpxml; mountinfo, fstab',
  }));
}

/** A name as a word of a command that a person is told to type. */
export function shellWord(name: string): string {
  return clean(quote(name));
}
