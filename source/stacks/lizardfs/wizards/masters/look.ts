import { reads, type HostName, type Reader } from '../../../../core/host.js';
import { linesOf } from '../../../../core/text.js';
import { readHidden, type SecretLines } from '../../../../tools/secret-lines.js';
import { PORTS } from '../../flavour/families.js';
import { lookAtBoot, type Boot } from '../../flavour/boot.js';
import { lookAtFlavour } from '../../flavour/look.js';
import { configPlace, settingOf, type Flavour } from '../../flavour/parse.js';
import { askAdmin, queries, ADMIN_TOOLS } from '../../tools/admin.js';
import { valueOf } from '../../tools/question.js';
import type { MetadataStatus } from '../../tools/metadata-status.js';
import type { Goal } from '../../tools/goals.js';
import {
  mountsCommand,
  parseAddresses,
  parseLocalMounts,
  printed,
  resolveCommand,
} from '../../tools/on-host.js';

/** The lines of mfsmaster.cfg that nobody is to see. */
export const PASSWORDS: SecretLines = { keys: ['ADMIN_PASSWORD'], form: 'equals' };

/** A config file as it is, and what it would be made from. */
export interface ConfigText {
  readonly path: string;
  /** Null: it is not there yet. */
  readonly text: string | null;
  /** The package's example; empty where there is none that can be read. */
  readonly example: string;
}

/** A file of the metadata: its size in bytes, and when it was written (unix seconds). */
export interface DataFile {
  readonly name: string;
  readonly size: number;
  readonly at: number;
}

/** A host on which a metadata server is installed. */
export interface MasterHost {
  readonly ok: true;
  readonly name: HostName;
  readonly flavour: Flavour;
  readonly server: ConfigText;
  readonly exports: ConfigText;
  /** MooseFS has storage classes instead. */
  readonly goals?: ConfigText;
  readonly dataFolder: string;
  /** Metadata and change logs, without the empty one of the package. */
  readonly data: readonly DataFile[];
  readonly boot: Boot;
  /** How its own server answers; undefined: nothing answers. */
  readonly status?: MetadataStatus;
  /** What the name of the master means here. */
  readonly masterName: readonly string[];
}

/** What was found on a host, or why it cannot be a metadata server. */
export type FoundHost =
  MasterHost | { readonly ok: false; readonly name: HostName; readonly because: string };

/** All that the wizard looked at. */
export interface Found {
  readonly hosts: readonly FoundHost[];
  /** A host that has the administration tool. */
  readonly admin?: { readonly host: HostName; readonly tool: string };
  /** Addresses of all hosts at which a master answers now. */
  readonly masters: readonly { readonly host: HostName; readonly address: string }[];
  /** All addresses that were asked. */
  readonly addresses: readonly string[];
  /** MooseFS, on which shadows, passwords and mfsgoals.cfg are unknown. */
  readonly moose?: MooseFound;
}

/** What of MooseFS matters to its master. */
export interface MooseFound {
  /** Hosts that have mfsmetalogger. */
  readonly loggers: readonly { readonly host: HostName; readonly flavour: Flavour }[];
  /** The storage classes that there are; empty: no master was asked. */
  readonly classes: readonly Goal[];
  /** Where a host has it mounted: mfsscadmin works through a mount. */
  readonly mount?: { readonly host: HostName; readonly mountPoint: string };
}

/** Looks at all hosts, and asks every one of them over the network who is master. Never rejects. */
export async function look(hosts: readonly Reader[]): Promise<Found> {
  const flavours = await Promise.all(
    hosts.map(async (host) => ({ host, look: await lookAtFlavour(host) })),
  );
  const known = flavours.flatMap(({ host, look: seen }) =>
    seen.ok ? [{ host, flavour: seen.flavour }] : [],
  );
  const asker = known.flatMap(({ host, flavour }) => {
    const tool = ADMIN_TOOLS.find((name) => flavour.programs.has(name));
    return tool === undefined ? [] : [{ host, tool }];
  })[0];
  const places = known.flatMap(({ host, flavour }) =>
    flavour.addresses
      .filter((address) => /^\d+(?:\.\d+){3}$/.test(address))
      .map((address) => ({ host: host.name, address })),
  );
  const answers = await Promise.all(
    places.map(async (place) => {
      if (!asker) return { ...place, status: undefined };
      const at = { host: place.address, port: PORTS.client };
      return {
        ...place,
        status: valueOf(await askAdmin(asker.host, asker.tool, queries.status, at)),
      };
    }),
  );
  const found = await Promise.all(
    flavours.map(({ host, look: seen }): Promise<FoundHost> => {
      if (!seen.ok) return Promise.resolve({ ok: false, name: host.name, because: seen.because });
      const status = answers.find((one) => one.host === host.name && one.status)?.status;
      return lookAtHost(host, seen.flavour, status);
    }),
  );
  const [master] = answers.filter(({ status }) => status?.personality === 'master');
  const moose = known.filter(({ flavour }) => flavour.family?.id === 'moosefs');
  return {
    hosts: found,
    ...(moose.length > 0 && { moose: await lookAtMoose(moose, asker, master?.address) }),
    ...(asker && { admin: { host: asker.host.name, tool: asker.tool } }),
    masters: answers.flatMap(({ host, address, status }) =>
      status?.personality === 'master' ? [{ host, address }] : [],
    ),
    addresses: places.map(({ address }) => address),
  };
}

/** A host of which it is known what is installed. */
interface KnownReader {
  readonly host: Reader;
  readonly flavour: Flavour;
}

async function lookAtMoose(
  known: readonly KnownReader[],
  asker: { readonly host: Reader; readonly tool: string } | undefined,
  master: string | undefined,
): Promise<MooseFound> {
  const place = master === undefined ? undefined : { host: master, port: PORTS.client };
  const [mounts, classes] = await Promise.all([
    Promise.all(
      known.map(async ({ host }) => {
        const { value } = parseLocalMounts(printed(await host.run(mountsCommand)));
        return value.map(({ mountPoint }) => ({ host: host.name, mountPoint }));
      }),
    ),
    asker && place ? askAdmin(asker.host, asker.tool, queries.classes, place) : undefined,
  ]);
  const [mount] = mounts.flat();
  return {
    loggers: known.flatMap(({ host, flavour }) =>
      flavour.programs.has('mfsmetalogger') ? [{ host: host.name, flavour }] : [],
    ),
    classes: (classes && valueOf(classes)?.goals) ?? [],
    ...(mount && { mount }),
  };
}

async function lookAtHost(
  host: Reader,
  flavour: Flavour,
  status: MetadataStatus | undefined,
): Promise<FoundHost> {
  const { family } = flavour;
  const no = (because: string): FoundHost => ({ ok: false, name: host.name, because });
  if (!family || !flavour.programs.has(`${family.prefix}master`)) {
    return no('no metadata server is installed: install it there first');
  }
  const { prefix } = family;
  const dataFolder = settingOf(flavour, 'DATA_PATH', `${prefix}master.cfg`) ?? family.dataFolder;
  const [server, exports, goals, data, name, boot] = await Promise.all([
    readConfig(host, flavour, `${prefix}master.cfg`),
    readConfig(host, flavour, `${prefix}exports.cfg`),
    readConfig(host, flavour, `${prefix}goals.cfg`),
    host.run(dataCommand(dataFolder)),
    host.run(resolveCommand(`${prefix}master`)),
    lookAtBoot(host, flavour, 'master'),
  ]);
  for (const one of [server, exports, goals]) if ('because' in one) return no(one.because);
  if ('because' in server || 'because' in exports || 'because' in goals) return no('');
  if (data.kind !== 'exited' || data.code !== 0) return no(`${dataFolder} cannot be looked at`);
  return {
    ok: true,
    name: host.name,
    flavour,
    server,
    exports,
    ...(family.id !== 'moosefs' && { goals }),
    dataFolder,
    boot,
    data: linesOf(data.stdout).flatMap(dataFile),
    ...(status && { status }),
    masterName: parseAddresses(printed(name)),
  };
}

/** Exports may hold passwords in the midst of a line: such a file is left to a person. */
const EXPORT_PASSWORD =
  /^[^#]*(?:password|md5pass)=|^#.*(?:password=(?!TEXT\b)|md5pass=(?!MD5\b))\S/m;

async function readConfig(
  host: Reader,
  flavour: Flavour,
  name: string,
): Promise<ConfigText | { readonly because: string }> {
  const place = configPlace(flavour, name);
  if (!place) return { because: `there is no folder for ${name}` };
  const { path, example } = place;
  const [text, shipped] = await Promise.all([
    readText(host, path),
    example === undefined || example.endsWith('.gz')
      ? Promise.resolve({ text: '' })
      : readText(host, example),
  ]);
  if ('because' in text) return text;
  const body = text.text ?? '';
  if (name.includes('exports') && EXPORT_PASSWORD.test(body)) {
    return { because: `${path} holds a password of an export; edit it by hand` };
  }
  return { path, text: text.text, example: ('text' in shipped ? shipped.text : '') ?? '' };
}

function readText(host: Reader, path: string) {
  return readHidden(host, path, PASSWORDS);
}

function dataCommand(folder: string) {
  const script =
    'for f in "$1"/metadata.* "$1"/changelog*; do case $f in *.empty|*.lock) continue ;; esac; [ -f "$f" ] && stat -c "%s %Y %n" "$f"; done; true';
  return reads(['sh', '-c', script, 'sh', folder]);
}

function dataFile(line: string): readonly DataFile[] {
  const [, size, at, path = ''] = /^(\d+) (\d+) (.+)$/.exec(line) ?? [];
  if (size === undefined) return [];
  return [{ name: path.slice(path.lastIndexOf('/') + 1), size: Number(size), at: Number(at) }];
}
