import type { Evidence } from '../../core/finding.js';
import type { Exchange } from '../../core/host.js';
import type { Known } from '../../core/probe.js';
import { showCommand } from '../../core/quote.js';
import { clean, linesOf } from '../../core/text.js';
import type { HostMaps } from './probes.js';

/** The most lines quoted from one command. */
const MOST = 12;
/** No line about a path is longer. */
const LONGEST = 400;

/** An answer's lines, by the device or the number of the path that they are about. */
interface Quoted {
  readonly host: string;
  readonly command: string;
  readonly byName: ReadonlyMap<string, readonly string[]>;
}

const made = new WeakMap<Known<HostMaps>, readonly Quoted[]>();

/**
 * The lines that show these paths, named by device (`sda`) or number (`8:0`). An answer is taken
 * apart once, since hundreds of maps may ask for their lines in it when a portal goes.
 */
export function pathLines(reading: Known<HostMaps>, names: readonly string[]): readonly Evidence[] {
  let quoted = made.get(reading);
  if (!quoted) {
    quoted = reading.asked.map(takeApart);
    made.set(reading, quoted);
  }
  return quoted.flatMap(({ host, command, byName }) => {
    const lines: string[] = [];
    for (const name of names) {
      if (lines.length < MOST) lines.push(...(byName.get(name) ?? []));
    }
    const few = lines.slice(0, MOST).map(clean);
    return few.length > 0 ? [{ host, command, lines: few }] : [];
  });
}

const FIELD = /^\s*"(\w+)" : "(.*)",?$/;
const SHOWN = new Set(['dev', 'dm_st', 'chk_st']);
const LISTED = /[\d#]:[\d#]+ +(\S+) +(\d+:\d+) /;

function takeApart({ host, command, outcome }: Exchange): Quoted {
  const byName = new Map<string, string[]>();
  const put = (name: string, line: string): void => {
    const lines = byName.get(name);
    if (!lines) byName.set(name, [line]);
    else if (lines.length < MOST) lines.push(line);
  };
  /** The device whose fields follow, in the JSON. */
  let device: string | undefined;
  for (const line of linesOf('stdout' in outcome ? outcome.stdout : '')) {
    if (line.length > LONGEST) continue;
    const [, key = '', value = ''] = FIELD.exec(line) ?? [];
    if (key === 'dev') device = value;
    if (key === 'name' || key === 'selector') device = undefined;
    if (device !== undefined && SHOWN.has(key)) put(device, line.trim());
    const listed = LISTED.exec(line);
    if (listed) for (const name of listed.slice(1)) put(name, line);
  }
  return { host, command: showCommand(command.argv), byName };
}
