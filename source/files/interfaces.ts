import { joinLines, splitLines } from './lines.js';

/**
 * /etc/network/interfaces (interfaces(5), of ifupdown and ifupdown2): stanzas begin with `iface`,
 * `mapping`, `auto`, `allow-…`, `source`; what follows an `iface` belongs to it until the next one. A
 * trailing backslash goes on with the next line; comments stand on lines of their own. The bytes of
 * what is not edited survive.
 */
export interface Stanza {
  /** The interface that it is about. */
  readonly name: string;
  /** `inet`, `inet6`. */
  readonly family: string;
  /** `static`, `dhcp`, `manual`. */
  readonly method: string;
  /** Its options in their order: `address 10.0.0.1/24`. */
  readonly options: readonly (readonly [string, string])[];
}

/** What an interfaces file says. */
export interface Interfaces {
  readonly stanzas: readonly Stanza[];
  /** Interfaces that are brought up at boot. */
  readonly auto: readonly string[];
}

const STARTS =
  /^(?:iface|mapping|auto|allow-\S+|source|source-directory|no-auto-down|no-scripts|rename)$/;

/** Reads what a file says; its bytes are the caller's. */
export function parseInterfaces(text: string): Interfaces {
  const stanzas: { name: string; family: string; method: string; options: [string, string][] }[] =
    [];
  const auto: string[] = [];
  let inIface = false;
  for (const line of wholeLines(text)) {
    const [word = '', ...rest] = line.trim().split(/\s+/);
    if (word === '' || word.startsWith('#')) continue;
    if (STARTS.test(word)) inIface = word === 'iface';
    if (word === 'iface') {
      const [name = '', family = '', method = ''] = rest;
      stanzas.push({ name, family, method, options: [] });
    } else if (word === 'auto' || word === 'allow-auto' || word === 'allow-hotplug') {
      auto.push(...rest);
    } else if (inIface) {
      stanzas.at(-1)?.options.push([word, rest.join(' ')]);
    }
  }
  return { stanzas, auto };
}

/** The addresses that a file gives an interface, with their prefix: `192.168.3.6/24`. */
export function interfaceAddresses({ stanzas }: Interfaces, name: string): readonly string[] {
  return stanzas.flatMap((stanza) => {
    if (stanza.name !== name || stanza.family !== 'inet') return [];
    const address = stanza.options.find(([key]) => key === 'address')?.[1];
    if (address === undefined) return [];
    if (address.includes('/')) return [address];
    const mask = stanza.options.find(([key]) => key === 'netmask')?.[1] ?? '32';
    return [`${address}/${prefixLength(mask)}`];
  });
}

/**
 * The file with a stanza more, at its end, brought up at boot.
 *
 * @throws RangeError where the name or the address cannot stand in the file
 */
export function withStaticAddress(text: string, name: string, cidr: string): string {
  for (const word of [name, cidr]) {
    if (!/^[^\s#\\]+$/.test(word)) throw new RangeError(`an interfaces file cannot hold ${word}`);
  }
  const { lines } = splitLines(text);
  const gap = lines.length > 0 && lines.at(-1)?.trim() !== '' ? [''] : [];
  const stanza = [`auto ${name}`, `iface ${name} inet static`, `    address ${cidr}`];
  return joinLines({ lines: [...lines, ...gap, ...stanza], endsWithNewline: true });
}

function wholeLines(text: string): readonly string[] {
  return text.replace(/\\\r?\n/g, ' ').split(/\r?\n/);
}

/** `255.255.255.0` is 24; a number stays one. */
function prefixLength(mask: string): string {
  if (/^\d+$/.test(mask)) return mask;
  const bits = mask.split('.').map((part) => Number(part).toString(2).replaceAll('0', '').length);
  return String(bits.reduce((sum, one) => sum + one, 0));
}
