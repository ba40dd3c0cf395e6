import { aFlag, aList, aNumber, aText, type Fields } from './fields.js';

/** One health check. */
export interface Check {
  /** Ceph's own code (`OSD_DOWN`), or `HEALTH_SUMMARY` for releases that had none. */
  readonly code: string;
  /** As Ceph says it: `HEALTH_WARN`, `HEALTH_ERR`. */
  readonly severity: string;
  /** The check's one line: `1 osds down`. */
  readonly summary: string;
  /** Somebody silenced it: it does not count in the cluster's status. */
  readonly muted: boolean;
  /** How many things it counts; said since Octopus. */
  readonly count?: number;
  /** A line for each thing concerned; only `ceph health detail` has them. */
  readonly details: readonly string[];
}

/** A cluster's health as `ceph -s` and `ceph health detail` say it. */
export interface Health {
  /** `HEALTH_OK`, `HEALTH_WARN`, `HEALTH_ERR`; null where the output does not say. */
  readonly status: string | null;
  readonly checks: readonly Check[];
  /** Lines of detail that belong to no one check: how releases before Luminous print them. */
  readonly details: readonly string[];
}

/** The code given to the lines of releases that had no codes. */
export const NO_CODE = 'HEALTH_SUMMARY';

const KNOWN = new Set([
  'status',
  'checks',
  'mutes',
  // Up to Kraken; Luminous fills `summary` and `overall_status` with a warning about itself.
  'overall_status',
  'summary',
  'detail',
  'health',
  'timechecks',
]);

/**
 * Reads a health object of any release: with codes since Luminous (12), before that a list of
 * sentences. Where `checks` is there, `summary` and `overall_status` are not looked at: Luminous
 * fills them with `'ceph health' JSON format has changed` and a status that is not the cluster's.
 */
export function readHealth(fields: Fields): Health {
  fields.only(KNOWN);
  const checks = fields.inside('checks');
  const status = fields.get('status', aText);
  if (checks || status !== undefined) {
    return {
      status: status ?? null,
      checks: (checks?.entries() ?? []).map(([code, check]) => readCheck(code, check)),
      details: [],
    };
  }
  return {
    status: fields.get('overall_status', aText) ?? null,
    checks: (fields.objects('summary') ?? []).map(readSentence),
    details: (fields.get('detail', aList) ?? []).flatMap((line, index) => {
      if (typeof line === 'string') return [line];
      fields.note(`detail[${index}]`, line);
      return [];
    }),
  };
}

function readCheck(code: string, fields: Fields): Check {
  const summary = fields.inside('summary');
  const count = summary?.get('count', aNumber);
  return {
    code,
    severity: fields.get('severity', aText) ?? 'HEALTH_WARN',
    summary: summary?.get('message', aText) ?? '',
    muted: fields.get('muted', aFlag) ?? false,
    ...(count === undefined ? {} : { count }),
    details: (fields.objects('detail') ?? []).flatMap((line) => line.get('message', aText) ?? []),
  };
}

function readSentence(fields: Fields): Check {
  return {
    code: NO_CODE,
    severity: fields.get('severity', aText) ?? 'HEALTH_WARN',
    summary: fields.get('summary', aText) ?? '',
    muted: false,
    details: [],
  };
}
