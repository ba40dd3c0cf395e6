import type { Settings } from '../../../fleet/drbd/state.js';
import type { Statement } from './parse.js';

/** A section of options: their names and values in the order of the file. */
export interface Section {
  readonly name: string;
  readonly options: readonly (readonly [string, string])[];
}

/** What one host has of a resource, by its file. */
export interface OnHost {
  readonly host: string;
  readonly line: number;
  readonly device: string;
  readonly minor: number;
  readonly disk: string;
  readonly metadata: string;
  readonly address: string;
  readonly port: number;
  /** Its volume has a number in the file. */
  readonly numbered: boolean;
}

/** A resource as the configuration has it. */
export interface ConfResource {
  readonly name: string;
  /** `drbd.d/r0.res`, as drbdadm names it. */
  readonly file: string;
  readonly line: number;
  readonly hosts: readonly OnHost[];
  readonly sections: readonly Section[];
}

/** Sections that hold nothing but options, in the order in which `drbdadm dump` prints them. */
export const SECTIONS = ['options', 'net', 'disk', 'startup', 'handlers'] as const;

/** Reads a `resource` section, with what `common` gives to all. */
export function resourceOf(
  { words, line, body = [] }: Statement,
  file: string,
  common: readonly Statement[],
): ConfResource {
  const sections = SECTIONS.flatMap((name): Section[] => {
    const options = new Map<string, string>();
    for (const from of [common, body]) {
      for (const section of from.filter((one) => one.words[0] === name && one.body)) {
        for (const { words: option } of section.body ?? []) {
          options.set(option[0] ?? '', option.slice(1).join(' '));
        }
      }
    }
    return options.size > 0 ? [{ name, options: [...options] }] : [];
  });
  const hosts = body
    .filter((one) => one.words[0] === 'on' && one.body)
    .map((one) => onHost(one, body));
  return { name: words[1] ?? '', file, line, hosts, sections };
}

/** What stands beside the hosts holds for each that says nothing else. */
function onHost({ words, line, body = [] }: Statement, around: readonly Statement[]): OnHost {
  const volume = body.find((one) => one.words[0] === 'volume');
  const places = [volume?.body ?? [], body, around];
  const said = (key: string): readonly string[] =>
    places.flatMap((place) => place.filter((one) => !one.body && one.words[0] === key))[0]?.words ??
    [];
  const device = said('device');
  const minor = /(\d+)$/.exec(device.join(' '))?.[1] ?? '0';
  const [, address = '', port = '0'] = /^(.*):(\d+)$/.exec(said('address').at(-1) ?? '') ?? [];
  return {
    host: words[1] ?? '',
    line,
    device: device[1]?.startsWith('/dev/') === true ? device[1] : `/dev/drbd${minor}`,
    minor: Number(minor),
    disk: said('disk')[1] ?? '',
    metadata: said('meta-disk')[1] ?? 'internal',
    address,
    port: Number(port),
    numbered: volume !== undefined,
  };
}

/** The options of a section of a resource. */
export function optionsIn({ sections }: ConfResource, name: string): Map<string, string> {
  return new Map(sections.find((one) => one.name === name)?.options ?? []);
}

/** What a host's kernel is told of a resource; undefined: the file does not name that host. */
export function settingsFor(conf: ConfResource, host: string): Settings | undefined {
  const own = conf.hosts.find((one) => one.host === host);
  const peer = conf.hosts.find((one) => one.host !== host);
  if (!own) return undefined;
  return {
    ...{ backing: own.disk, metadata: own.metadata, address: own.address, port: own.port },
    peer: peer?.address ?? '',
    net: optionsIn(conf, 'net'),
    disk: optionsIn(conf, 'disk'),
  };
}
