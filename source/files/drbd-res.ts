/**
 * DRBD's configuration, /etc/drbd.d/*.res (drbd.conf(5)): sections in braces, statements that end
 * with `;`, words plain or in double quotes, comments from `#` to the end of the line. Every byte
 * belongs to a piece, so what is not edited is printed as it was.
 */
export type ResPiece =
  /** White space and comments. */
  | { readonly kind: 'space'; readonly raw: string }
  | { readonly kind: 'statement'; readonly words: readonly string[]; readonly raw: string }
  | ResSection;

/** `resource r0 { … }`, `on fiori { … }`, `net { … }`. */
export interface ResSection {
  readonly kind: 'section';
  /** The words before the brace. */
  readonly head: readonly string[];
  /** From the first word to the opening brace. */
  readonly open: string;
  readonly body: readonly ResPiece[];
  /** The closing brace; empty where the file ends without it (drbdadm accepts a missing last one). */
  readonly close: string;
}

/** A whole file. */
export interface ResFile {
  readonly pieces: readonly ResPiece[];
  /** What is wrong with it as it stands. */
  readonly faults: readonly string[];
}

interface Token {
  readonly kind: 'space' | 'word' | 'open' | 'close' | 'end';
  readonly raw: string;
}

const TOKEN = /(?:\s|#[^\n]*)+|"(?:[^"\\\n]|\\.)*"?|[{};]|[^\s{};#"]+/g;

/** Reads a file; text that does not fit the grammar is kept and told. */
export function parseRes(text: string): ResFile {
  const faults: string[] = [];
  const stack: { head: readonly string[]; open: string; body: ResPiece[] }[] = [];
  const top: ResPiece[] = [];
  let pending: Token[] = [];
  const body = (): ResPiece[] => stack.at(-1)?.body ?? top;
  const rawPending = (): string => pending.map(({ raw }) => raw).join('');
  const flush = (fault: string): void => {
    if (pending.some(({ kind }) => kind === 'word')) {
      faults.push(`${fault}: ${wordsOf(pending).join(' ')}`);
    }
    if (pending.length > 0) body().push({ kind: 'space', raw: rawPending() });
    pending = [];
  };

  for (const token of tokens(text)) {
    switch (token.kind) {
      case 'space':
        if (pending.length === 0) body().push({ kind: 'space', raw: token.raw });
        else pending.push(token);
        break;
      case 'word':
        pending.push(token);
        break;
      case 'end':
        body().push({ kind: 'statement', words: wordsOf(pending), raw: rawPending() + token.raw });
        pending = [];
        break;
      case 'open':
        stack.push({ head: wordsOf(pending), open: rawPending() + token.raw, body: [] });
        pending = [];
        break;
      case 'close': {
        flush('a statement without its `;`');
        const section = stack.pop();
        if (section) body().push({ kind: 'section', ...section, close: token.raw });
        else {
          faults.push('a closing brace too many');
          body().push({ kind: 'space', raw: token.raw });
        }
        break;
      }
    }
  }
  flush('a statement without its `;`');
  for (let section = stack.pop(); section; section = stack.pop()) {
    faults.push(`\`${section.head.join(' ')}\` has no closing brace`);
    body().push({ kind: 'section', ...section, close: '' });
  }
  return { pieces: top, faults };
}

/** The file's text; of an unedited file the same bytes. */
export function printRes({ pieces }: Pick<ResFile, 'pieces'>): string {
  return pieces.map(printPiece).join('');
}

function printPiece(piece: ResPiece): string {
  if (piece.kind !== 'section') return piece.raw;
  return piece.open + piece.body.map(printPiece).join('') + piece.close;
}

/** The sections among these pieces whose head begins with these words. */
export function resSections(
  pieces: readonly ResPiece[],
  ...head: readonly string[]
): readonly ResSection[] {
  return pieces.flatMap((piece) =>
    piece.kind === 'section' && head.every((word, i) => piece.head[i] === word) ? [piece] : [],
  );
}

/** The words after a key among these pieces: of `protocol C;` they are `C`; the last one counts. */
export function resValue(pieces: readonly ResPiece[], key: string): readonly string[] | undefined {
  return pieces
    .flatMap((piece) => (piece.kind === 'statement' && piece.words[0] === key ? [piece] : []))
    .at(-1)
    ?.words.slice(1);
}

/**
 * A section with a statement set: the one with this key is changed where it stands, otherwise it
 * is added at the end, indented as its neighbours are.
 */
export function setResStatement(
  section: ResSection,
  key: string,
  ...values: readonly string[]
): ResSection {
  const words = [key, ...values];
  const raw = `${words.map(printWord).join(' ')};`;
  const made: ResPiece = { kind: 'statement', words, raw };
  const at = section.body.findLastIndex((p) => p.kind === 'statement' && p.words[0] === key);
  if (at >= 0) return { ...section, body: section.body.with(at, made) };
  const last = section.body.at(-1);
  const tail = last?.kind === 'space' && /\n[ \t]*$/.test(last.raw) ? last.raw : '\n';
  const kept = tail === '\n' ? section.body : section.body.slice(0, -1);
  const inner: ResPiece = { kind: 'space', raw: indentOf(section) };
  const closing: ResPiece = { kind: 'space', raw: tail };
  return { ...section, body: [...kept, inner, made, closing] };
}

/** Pieces with one section put in the place of another. */
export function replaceSection(
  pieces: readonly ResPiece[],
  before: ResSection,
  after: ResSection,
): readonly ResPiece[] {
  return pieces.map((piece) => {
    if (piece === before) return after;
    if (piece.kind !== 'section') return piece;
    return { ...piece, body: replaceSection(piece.body, before, after) };
  });
}

/** The line break and blanks before the statements of a section. */
function indentOf(section: ResSection): string {
  const index = section.body.findIndex(({ kind }) => kind !== 'space');
  const before = index > 0 ? section.body[index - 1] : undefined;
  const indent = before?.kind === 'space' ? /\n[ \t]*$/.exec(before.raw)?.[0] : undefined;
  return indent ?? '\n  ';
}

function* tokens(text: string): Iterable<Token> {
  let last = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > last) yield { kind: 'space', raw: text.slice(last, match.index) };
    last = match.index + match[0].length;
    yield { kind: kindOf(match[0]), raw: match[0] };
  }
  if (last < text.length) yield { kind: 'space', raw: text.slice(last) };
}

function kindOf(raw: string): Token['kind'] {
  if (raw === '{') return 'open';
  if (raw === '}') return 'close';
  if (raw === ';') return 'end';
  return /^[\s#]/.test(raw) ? 'space' : 'word';
}

function wordsOf(list: readonly Token[]): readonly string[] {
  return list.flatMap(({ kind, raw }) => {
    if (kind !== 'word') return [];
    return [raw.startsWith('"') ? raw.replace(/^"|"$/g, '').replace(/\\(.)/g, '$1') : raw];
  });
}

/**
 * A word as drbd.conf can hold it. The place of a secret is quoted: what will stand there is not known.
 *
 * @throws RangeError where it holds a line break
 */
export function printWord(word: string): string {
  if (/[\n\r\0]/.test(word)) throw new RangeError(`drbd.conf cannot hold ${JSON.stringify(word)}`);
  if (/^[^\s{};#"\\<>]+$/.test(word)) return word;
  return `"${word.replace(/["\\]/g, '\\$&')}"`;
}
