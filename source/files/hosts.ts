import { joinLines, splitLines } from './lines.js';

/**
 * /etc/hosts: an address and its names a line, separated by blanks or tabs; `#` begins a comment,
 * also behind the names (hosts(5)). Comments, order and the way each line is written survive an edit.
 */
export interface HostsEntry {
  readonly address: string;
  /** The official name first, then its aliases. */
  readonly names: readonly string[];
}

/** A line as it stands in the file, with what it says. */
export interface HostsLine {
  readonly raw: string;
  /** Comments, empty lines and addresses without a name have none. */
  readonly entry?: HostsEntry;
}

/** A whole file. */
export interface HostsFile {
  readonly lines: readonly HostsLine[];
  readonly endsWithNewline: boolean;
}

/** Reads the file; every line is kept. */
export function parseHosts(text: string): HostsFile {
  const { lines, endsWithNewline } = splitLines(text);
  return { lines: lines.map(parseLine), endsWithNewline };
}

/** The file's text; of an unedited file the same bytes. */
export function printHosts({ lines, endsWithNewline }: HostsFile): string {
  return joinLines({ lines: lines.map(({ raw }) => raw), endsWithNewline });
}

/** The addresses that a name has, in the order of the file: the resolver takes the first. */
export function hostsAddresses({ lines }: HostsFile, name: string): readonly string[] {
  return lines.flatMap(({ entry }) => (entry && hasName(entry, name) ? [entry.address] : []));
}

/**
 * The file with a name that has this one address. A line of its own with another address is changed
 * where it stands; where it is an alias among others it is taken out of the line, and gets a line of
 * its own at the end.
 *
 * @throws RangeError where the name or the address cannot stand in the file
 */
export function setHostsName(file: HostsFile, name: string, address: string): HostsFile {
  for (const word of [name, address]) {
    if (!/^[^\s#]+$/.test(word)) throw new RangeError(`/etc/hosts cannot hold ${word}`);
  }
  let there = hostsAddresses(file, name).includes(address);
  const lines = file.lines.flatMap((line): readonly HostsLine[] => {
    const { entry, raw } = line;
    if (!entry || !hasName(entry, name) || entry.address === address) return [line];
    if (entry.names.length > 1) return [parseLine(withoutName(raw, name))];
    if (there) return [];
    there = true;
    return [parseLine(raw.replace(entry.address, () => address))];
  });
  const made = there ? [] : [parseLine(`${address}\t${name}`)];
  return {
    lines: [...lines, ...made],
    endsWithNewline: file.endsWithNewline || made.length > 0,
  };
}

function parseLine(raw: string): HostsLine {
  const [text = ''] = raw.split('#', 1);
  const [address, ...names] = text.split(/\s+/).filter((word) => word !== '');
  return address === undefined || names.length === 0 ? { raw } : { raw, entry: { address, names } };
}

/** Names are the same in any case (gethostbyname(3)). */
function hasName({ names }: HostsEntry, name: string): boolean {
  return names.some((one) => one.toLowerCase() === name.toLowerCase());
}

/** The line without the name and the blanks before it; what is behind the `#` stays. */
function withoutName(raw: string, name: string): string {
  const at = raw.indexOf('#');
  const text = at < 0 ? raw : raw.slice(0, at);
  const kept = text.replace(/\s+\S+/g, (word) =>
    word.trim().toLowerCase() === name.toLowerCase() ? '' : word,
  );
  return `${kept}${at < 0 ? '' : raw.slice(at)}`;
}
