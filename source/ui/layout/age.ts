import type { Millis } from '../../core/host.js';

/** A length of time in five cells at most: `48 s`, `12 m`, `3 h`, `12 d`. */
export function shortTime(millis: Millis): string {
  const seconds = Math.max(0, Math.floor(millis / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h`;
  return `${Math.min(999, Math.floor(hours / 24))} d`;
}
