import type { Glyphs } from '../theme/glyphs.js';

/**
 * Values as a line of bars, newest at the right, from the least to the greatest of them. Where there
 * are more values than cells, each cell shows the greatest of its share, so that no peak is lost.
 */
export function sparkline(glyphs: Glyphs, values: readonly number[], width: number): string {
  const cells = squeeze(values, width);
  const least = Math.min(...cells);
  const span = Math.max(...cells) - least;
  const { sparks } = glyphs;
  return cells
    .map((value) => {
      const height = span > 0 ? Math.round(((value - least) / span) * (sparks.length - 1)) : 0;
      return sparks[height] ?? ' ';
    })
    .join('');
}

function squeeze(values: readonly number[], width: number): readonly number[] {
  const known = values.filter((value) => Number.isFinite(value));
  if (known.length <= width) return known;
  return Array.from({ length: Math.max(0, width) }, (_, cell) => {
    const from = Math.floor((cell * known.length) / width);
    const to = Math.floor(((cell + 1) * known.length) / width);
    return Math.max(...known.slice(from, to));
  });
}
