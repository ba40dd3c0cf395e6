import type { Finding } from './finding.js';
import type { Parsed } from './parsed.js';

/** What `holdfast inspect` sees in a captured output. */
export interface Inspection {
  readonly reading: unknown;
  readonly unread: readonly string[];
  readonly findings: readonly Finding[];
}

/** One kind of output that `holdfast inspect` can read. */
export interface Inspector {
  /** `drbd.proc`, `ceph.status-json`: scripts name it, so it never changes. */
  readonly id: string;
  /** The command or file whose output it reads: `cat /proc/drbd`. */
  readonly reads: string;
  /** A short genuine output; shown in the documentation and run by the tests. */
  readonly sample: string;
  readonly inspect: (text: string) => Parsed<Inspection>;
}

/** An inspector from a parser and from the rules that hold for one reading alone. */
export function defineInspector<T>(spec: {
  readonly id: string;
  readonly reads: string;
  readonly sample: string;
  readonly parse: (text: string) => Parsed<T>;
  readonly findings: (value: T) => readonly Finding[];
}): Inspector {
  const { id, reads, sample, parse, findings } = spec;
  return {
    id,
    reads,
    sample,
    inspect: (text) => {
      const result = parse(text);
      if (!result.ok) return result;
      const { value, unread } = result;
      return { ok: true, value: { reading: value, unread, findings: findings(value) }, unread };
    },
  };
}
