/** An element of an XML document. Text between child elements is kept together in `text`. */
export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Element[];
  readonly text: string;
}

interface Open {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Element[];
  text: string;
}

/** How deep elements may stand in each other; libvirt's own stand eight deep. */
const DEEPEST = 200;

/**
 * Reads a document as libvirt prints it (libxml2's output: UTF-8, entities escaped): elements,
 * attributes and text. Comments, processing instructions and a declared type are passed over, and
 * no entity is known but XML's own five and numbers. Linear in the text.
 *
 * @returns undefined for what is not well-formed
 */
export function parseXml(text: string): Element | undefined {
  const open: Open[] = [];
  let root: Element | undefined;
  let at = 0;
  while (at < text.length) {
    const next = text.indexOf('<', at);
    const words = text.slice(at, next < 0 ? text.length : next);
    const inside = open.at(-1);
    if (inside) inside.text += decode(words);
    else if (words.trim() !== '') return undefined;
    if (next < 0) break;
    const skipped = skip(text, next);
    if (skipped !== undefined) {
      if (skipped < 0) return undefined;
      at = skipped;
      continue;
    }
    const end = tagEnd(text, next);
    if (end < 0) return undefined;
    const tag = text.slice(next + 1, end);
    at = end + 1;
    if (tag.startsWith('/')) {
      const done = open.pop();
      if (done?.name !== tag.slice(1).trim()) return undefined;
      const parent = open.at(-1);
      if (parent) parent.children.push(done);
      else root = done;
      continue;
    }
    const begun = begin(tag);
    if (!begun || (root && open.length === 0) || open.length >= DEEPEST) return undefined;
    if (!tag.endsWith('/')) open.push(begun);
    else if (open.length > 0) open.at(-1)?.children.push(begun);
    else root = begun;
  }
  return open.length === 0 ? root : undefined;
}

/** The end of a comment, an instruction or a declaration; -1: it has none; undefined: it is neither. */
function skip(text: string, at: number): number | undefined {
  const kinds = [
    ['<!--', '-->'],
    ['<?', '?>'],
    ['<!', '>'],
  ] as const;
  const kind = kinds.find(([start]) => text.startsWith(start, at));
  if (!kind) return undefined;
  const end = text.indexOf(kind[1], at + kind[0].length);
  return end < 0 ? -1 : end + kind[1].length;
}

/** The `>` that ends a tag, not one within quotes; -1: there is none. */
function tagEnd(text: string, from: number): number {
  let quote = '';
  for (let at = from + 1; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return at;
    else if (character === '<') return -1;
  }
  return -1;
}

const NAME = /^[A-Za-z_][\w.:-]*/;
const ATTRIBUTE = /\s+([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/y;

function begin(tag: string): Open | undefined {
  const body = tag.endsWith('/') ? tag.slice(0, -1) : tag;
  const [name] = NAME.exec(body) ?? [];
  if (name === undefined) return undefined;
  const attributes = new Map<string, string>();
  let at = name.length;
  for (;;) {
    ATTRIBUTE.lastIndex = at;
    const found = ATTRIBUTE.exec(body);
    if (!found) break;
    attributes.set(found[1] ?? '', decode(found[2] ?? found[3] ?? ''));
    at = ATTRIBUTE.lastIndex;
  }
  return body.slice(at).trim() === '' ? { name, attributes, children: [], text: '' } : undefined;
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** An entity that is not known stays as it is written. */
function decode(text: string): string {
  return text.replace(
    /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w{1,8}));/gi,
    (all, hex, decimal, name) => {
      const entity = ENTITIES.get(String(name));
      if (entity !== undefined) return entity;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(String(hex), 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    },
  );
}

/** Text written into XML, as content or between quotes. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll("'", '&apos;')
    .replaceAll('"', '&quot;');
}

/** The first child of that name, or of a child's child: `find(pool, 'target', 'path')`. */
export function find(
  element: Element | undefined,
  ...names: readonly string[]
): Element | undefined {
  let found = element;
  for (const name of names) found = found?.children.find((child) => child.name === name);
  return found;
}

/** All children of that name. */
export function all(element: Element | undefined, name: string): readonly Element[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** An element's text without the white space around it; empty: there is none. */
export function textOf(element: Element | undefined): string {
  return element?.text.trim() ?? '';
}

/** An attribute's value; empty: there is none. */
export function attribute(element: Element | undefined, name: string): string {
  return element?.attributes.get(name) ?? '';
}
