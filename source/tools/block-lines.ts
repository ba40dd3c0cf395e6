/** `KEY="value"` pairs as `lsblk -P` prints them; what is not plain stands as `\xHH`, in UTF-8. */
export function lsblkPairs(line: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, key = '', value = ''] of line.matchAll(/([A-Z:_-]+)="([^"]*)"/g)) {
    found.set(key, unescapeHex(value));
  }
  return found;
}

function unescapeHex(text: string): string {
  return text.replace(/(?:\\x[0-9a-f]{2})+/gi, (run) => {
    return Buffer.from(run.replaceAll('\\x', ''), 'hex').toString('utf8');
  });
}

/** Blanks, tabs, newlines and backslashes stand as octal in mountinfo and swaps. */
export function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => {
    return String.fromCharCode(Number.parseInt(octal, 8));
  });
}

/** The type of a `wipefs -p` line `offset,uuid,label,type`; a label may hold commas, the type not. */
export function wipefsType(line: string): string {
  return line.slice(line.lastIndexOf(',') + 1);
}
