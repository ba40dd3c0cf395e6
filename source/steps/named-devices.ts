import type { Touch } from '../core/touch.js';

/**
 * Every device that commands name, in a script too. A kind that runs whatever a plan says cannot know
 * what becomes of them, so each is taken for overwritten.
 */
export function devicesNamed(
  ...commands: readonly (readonly string[] | undefined)[]
): readonly Touch[] {
  const words = commands.flatMap((argv) => argv ?? []);
  const paths = words.flatMap((word) => word.match(/\/dev\/[\w./:@+=,-]+/g) ?? []);
  return [...new Set(paths)].map((path) => ({ kind: 'overwrites', path }));
}
