import { notThis, parsed, type Parsed } from '../../../core/parsed.js';
import { linesOf } from '../../../core/text.js';
import { fstabEntries, parseFstab, type FstabEntry } from '../../../files/fstab.js';
import { parseMountLine, storesData, type MountEntry } from '../../../tools/mountinfo.js';
import { guestFrom, networkFrom, poolFrom, type Info } from './definitions.js';
import type { Guest, Network, Pool } from './state.js';
import { parseXml } from './xml.js';

/** Whether libvirt's daemon answers. */
export type Daemon =
  | { readonly answers: true }
  | {
      readonly answers: false;
      /** In virsh's words. */
      readonly because: string;
      /** It is to be started at boot. */
      readonly wanted: boolean;
      /** Guests whose processes run all the same. */
      readonly running: readonly string[];
    };

/** What a host tells of libvirt, and of the storage that it may stand on. */
export interface Report {
  readonly daemon: Daemon;
  readonly pools: readonly Pool[];
  readonly networks: readonly Network[];
  readonly guests: readonly Guest[];
  readonly mounts: readonly MountEntry[];
  readonly fstab: readonly FstabEntry[];
}

/** A part of the report: `== pool UUID`, and the lines up to the next. */
interface Section {
  readonly kind: string;
  readonly line: number;
  readonly lines: string[];
}

/** Reads what the probe's script printed. */
export function parseReport(text: string): Parsed<Report> {
  const sections = split(text);
  if (!sections.some(({ kind }) => kind === 'end')) {
    return notThis(linesOf(text).length + 1, 'the end of the report');
  }
  const unread: string[] = [];
  const report = {
    pools: new Array<Pool>(),
    networks: new Array<Network>(),
    guests: new Array<Guest>(),
    mounts: new Array<MountEntry>(),
    fstab: new Array<FstabEntry>(),
  };
  let daemon: Daemon = { answers: true };
  for (const { kind, lines } of sections) {
    if (kind === 'mounts') report.mounts.push(...mountsFrom(lines, unread));
    else if (kind === 'fstab') report.fstab.push(...fstabEntries(parseFstab(lines.join('\n'))));
    else if (kind === 'down') daemon = daemonFrom(lines);
    else if (kind === 'pool') keep(report.pools, thing(lines, poolFrom), lines, unread);
    else if (kind === 'network') keep(report.networks, thing(lines, networkFrom), lines, unread);
    else if (kind === 'guest') keep(report.guests, guest(lines), lines, unread);
    else unread.push(...lines.filter((line) => line.trim() !== ''));
  }
  return parsed({ daemon, ...report }, unread);
}

function split(text: string): readonly Section[] {
  const sections: Section[] = [{ kind: '', line: 1, lines: [] }];
  for (const [at, line] of linesOf(text).entries()) {
    const [, kind] = /^== (\w+)/.exec(line) ?? [];
    if (kind === undefined) sections.at(-1)?.lines.push(line);
    else sections.push({ kind, line: at + 1, lines: [] });
  }
  return sections;
}

function keep<T>(list: T[], made: T | undefined, lines: readonly string[], unread: string[]): void {
  if (made !== undefined) list.push(made);
  // What went away between the list and the question is no line to be told of.
  else unread.push(...lines.filter((line) => line.trim() !== '' && !line.includes(' not found:')));
}

function mountsFrom(lines: readonly string[], unread: string[]): readonly MountEntry[] {
  return lines.flatMap((line) => {
    const entry = parseMountLine(line);
    if (entry) return storesData(entry) ? [entry] : [];
    if (line.trim() !== '') unread.push(line);
    return [];
  });
}

/** Virsh's words, then lines of our own: `wanted enabled`, `running NAME`. */
function daemonFrom(lines: readonly string[]): Daemon {
  const of = (key: string): readonly string[] =>
    lines.flatMap((line) => (line.startsWith(`${key} `) ? [line.slice(key.length + 1)] : []));
  const said = lines.filter((line) => line.startsWith('error: '));
  const because = (said.at(-1) ?? 'it does not answer').replace(/^error: /, '');
  return { answers: false, because, wanted: of('wanted').length > 0, running: of('running') };
}

/** The labelled lines before a definition, and the definition. */
function thing<T>(
  lines: readonly string[],
  make: (xml: ReturnType<typeof parseXml>, info: Info) => T | undefined,
): T | undefined {
  const at = lines.findIndex((line) => line.startsWith('<'));
  if (at < 0) return undefined;
  const info = lines.slice(0, at).flatMap((line): [string, string][] => {
    const [, key, value] = /^([A-Z][\w ]*):\s+(.*\S)/.exec(line) ?? [];
    return key !== undefined && value !== undefined ? [[key, value]] : [];
  });
  return make(parseXml(lines.slice(at).join('\n')), new Map(info));
}

/** `domstate --reason`, `domblkerror`, then the definition. */
function guest(lines: readonly string[]): Guest | undefined {
  const at = lines.findIndex((line) => line.startsWith('<'));
  if (at < 0) return undefined;
  const said = lines.slice(0, at).filter((line) => line.trim() !== '');
  const [state = ''] = said;
  return guestFrom(parseXml(lines.slice(at).join('\n')), {
    state: state.startsWith('error:') ? '' : state.trim(),
    diskErrors: said
      .slice(1)
      .filter((line) => /^\S+: (?!.*:)/.test(line) && !line.startsWith('error')),
  });
}
