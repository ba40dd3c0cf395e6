/** The names that were probably meant, nearest first: a slip or two away, or beginning alike. */
export function nearNames(wanted: string, names: readonly string[], most = 3): readonly string[] {
  const typed = wanted.toLowerCase();
  return names
    .map((name) => ({ name, far: distanceOf(typed, name.toLowerCase()) }))
    .filter(({ far }) => far <= Math.max(1, Math.floor(typed.length / 3)))
    .sort((a, b) => a.far - b.far)
    .slice(0, most)
    .map(({ name }) => name);
}

/** `Did you mean a or b?`, or nothing. */
export function didYouMean(wanted: string, names: readonly string[]): readonly string[] {
  const near = nearNames(wanted, names);
  return near.length === 0 ? [] : [`Did you mean ${near.join(' or ')}?`];
}

function distanceOf(typed: string, name: string): number {
  if (typed.length > 64) return Number.POSITIVE_INFINITY;
  // A part that was typed rightly (`proc` for `drbd.proc`) counts as one slip.
  if (typed.length >= 3 && name.includes(typed)) return 1;
  return slips(typed, name);
}

/** Letters added, left out, changed or swapped with their neighbour (restricted Damerau-Levenshtein). */
function slips(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + same);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, at(before, j - 2) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
