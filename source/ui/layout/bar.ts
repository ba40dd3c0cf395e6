import type { Glyphs } from '../theme/glyphs.js';

/** A progress bar with its ends, `width` cells in all. */
export function bar(glyphs: Glyphs, share: number, width: number): string {
  const room = Math.max(0, width - 2);
  const steps = glyphs.barSteps.length - 1;
  const whole = Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0)) * room * steps;
  const filled = Math.floor(whole / steps);
  const rest = Math.floor(whole - filled * steps);
  const full = glyphs.barSteps[steps] ?? '';
  const edge = filled < room && rest > 0 ? (glyphs.barSteps[rest] ?? '') : '';
  const blank = ' '.repeat(room - filled - edge.length);
  return `${glyphs.barEnds[0]}${full.repeat(filled)}${edge}${blank}${glyphs.barEnds[1]}`;
}
