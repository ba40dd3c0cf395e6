import { randomBytes } from 'node:crypto';

/** A run's name: when it began (UTC) and a few letters, short enough to be typed: `20261120-2115-3fa9`. */
export function newRunId(now: Date): string {
  const digits = now.toISOString().replaceAll(/\D/g, '');
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${randomBytes(3).toString('hex')}`;
}
