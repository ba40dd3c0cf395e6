import type { CheckWords } from './check-words.js';
import { daemonChecks } from './checks-daemons.js';
import { dataChecks } from './checks-data.js';

/** Checks by Ceph's code, after Ceph's own list of health checks (docs: rados/operations/health-checks). */
const KNOWN: ReadonlyMap<string, CheckWords> = new Map(
  Object.entries({ ...dataChecks, ...daemonChecks }),
);

/** `OSD_HOST_DOWN`, `OSD_RACK_DOWN`: made from the CRUSH map's own types, so not a fixed list. */
const BUCKET_DOWN = /^OSD_([A-Z0-9_-]+)_DOWN$/;

/** What a check means and what to do; of an unknown one, where to read on. */
export function wordsFor(code: string): CheckWords {
  const known = KNOWN.get(code);
  if (known) return known;
  const bucket = BUCKET_DOWN.exec(code)?.[1];
  if (bucket !== undefined) return bucketDown(bucket.toLowerCase());
  return {
    title: `Ceph: ${code.toLowerCase().replaceAll('_', ' ')}`,
    place: 'cluster',
    means: `Ceph reports ${code}. Holdfast has no words of its own for it.`,
    todo: "`ceph health detail` names what it concerns; Ceph's documentation lists each code under Health checks.",
  };
}

/** Whether the table has this code, or a rule for its kind. */
export function isKnownCode(code: string): boolean {
  return KNOWN.has(code) || BUCKET_DOWN.test(code);
}

function bucketDown(type: string): CheckWords {
  return {
    title: `all OSDs of a ${type} down`,
    place: 'buckets',
    means: `Every OSD beneath a CRUSH ${type} is down at once: rather the ${type} or its network than single disks.`,
    todo: `Look at the ${type} first: power, network, then its ceph-osd services.`,
  };
}
