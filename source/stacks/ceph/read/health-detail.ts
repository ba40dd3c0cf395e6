import { notThis, type Parsed } from '../../../core/parsed.js';
import { Fields, Unread } from './fields.js';
import { readHealth, type Health } from './health.js';
import { findObject } from './json.js';

const SIGNS = ['checks', 'overall_status', 'summary', 'status'];

/**
 * Reads `ceph health detail -f json`: since Luminous `{status, checks: {CODE: {severity, summary,
 * detail: [{message}], muted}}, mutes}`, before that `{overall_status, summary, detail: [text]}`.
 */
export function parseHealthDetail(text: string): Parsed<Health> {
  const found = findObject(text);
  if (!found.ok) return found;
  const { object, around } = found.value;
  if (!SIGNS.some((sign) => Object.hasOwn(object, sign))) {
    return notThis(1, 'the JSON of `ceph health detail`: status and checks');
  }
  const unread = new Unread(around);
  const value = readHealth(new Fields(object, '', unread));
  return { ok: true, value, unread: unread.lines() };
}
