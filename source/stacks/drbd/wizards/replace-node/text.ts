import {
  parseRes,
  printRes,
  printWord,
  replaceSection,
  resSections,
  setResStatement,
  type ResPiece,
  type ResSection,
} from '../../../../files/drbd-res.js';

/** Who goes and who comes. */
export interface Change {
  readonly resource: string;
  readonly from: string;
  readonly to: string;
  /** `192.168.3.8:7790`. */
  readonly address: string;
}

/** The file with the new node in the place of the old one, or why it cannot be made. */
export type Changed =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly because: string };

/**
 * Puts a node's name and address in the place of another one's; every other byte stays. Where the old
 * name stands in other words than `on` and `hosts`, a person has to say what is meant.
 */
export function changeNode(text: string, { resource, from, to, address }: Change): Changed {
  const no = (because: string): Changed => ({ ok: false, because });
  const file = parseRes(text);
  if (file.faults.length > 0) return no(file.faults[0] ?? 'its file is broken');
  const [section, ...more] = resSections(file.pieces, 'resource', resource);
  if (!section || more.length > 0) return no('its file does not define it once');
  const hosts = resSections(section.body, 'on').filter(({ head }) => head.includes(from));
  const [host, ...others] = hosts;
  if (host?.head.length !== 2 || others.length > 0) {
    return no(`its file has no section \`on ${from}\` of its own`);
  }
  const renamed: ResSection = { ...host, head: ['on', to], open: renamedHead(host, from, to) };
  const moved = setResStatement(renamed, 'address', ...familyOf(host), address);
  const body = replaceSection(section.body, host, moved).map((piece) => inMesh(piece, from, to));
  const next = { ...section, body };
  const left = mentions(body, from);
  if (left !== undefined)
    return no(`its file names ${from} in \`${left}\` too: change that by hand`);
  return { ok: true, text: printRes({ pieces: replaceSection(file.pieces, section, next) }) };
}

function renamedHead({ open }: ResSection, from: string, to: string): string {
  const at = open.lastIndexOf(from);
  return open.slice(0, at) + printWord(to) + open.slice(at + from.length);
}

/** `ipv4`, where the file says it. */
function familyOf({ body }: ResSection): readonly string[] {
  const [, ...words] =
    body.flatMap((one) =>
      one.kind === 'statement' && one.words[0] === 'address' ? [one.words] : [],
    )[0] ?? [];
  return words.slice(0, -1);
}

/** `connection-mesh { hosts a b c; }` of DRBD 9. */
function inMesh(piece: ResPiece, from: string, to: string): ResPiece {
  if (piece.kind !== 'section' || piece.head[0] !== 'connection-mesh') return piece;
  const body = piece.body.map((one): ResPiece => {
    if (one.kind !== 'statement' || one.words[0] !== 'hosts') return one;
    const words = one.words.map((word) => (word === from ? to : word));
    return { kind: 'statement', words, raw: `${words.map(printWord).join(' ')};` };
  });
  return { ...piece, body };
}

/** The first statement or head that still has the name. */
function mentions(pieces: readonly ResPiece[], name: string): string | undefined {
  for (const piece of pieces) {
    if (piece.kind === 'space') continue;
    const words = piece.kind === 'section' ? piece.head : piece.words;
    if (words.includes(name)) return words.join(' ');
    const within = piece.kind === 'section' ? mentions(piece.body, name) : undefined;
    if (within !== undefined) return within;
  }
  return undefined;
}
