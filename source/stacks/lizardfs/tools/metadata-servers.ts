import { parsed, type Parsed } from '../../../core/parsed.js';
import { natural, readRecords } from './porcelain.js';

/** A metadata server in the master's list: itself, and each shadow that is connected to it. */
export interface MetadataServer {
  readonly ip: string;
  /**
   * Where clients and the admin tool reach it; 0: the shadow has not told it yet; undefined: at the
   * port of the master that was asked (MooseFS).
   */
  readonly port?: number;
  /** LizardFS prints the master's own name for every server (the tool's source); SaunaFS each one's. */
  readonly hostname: string;
  /** `master`, `shadow`, `unknown` or `<unknown>`. */
  readonly personality: string;
  /** `running`, `connected`, `disconnected`, `unknown` or `<unknown>`. */
  readonly status: string;
  /** The number of changes that its metadata has seen. */
  readonly metadataVersion: number;
  /** Of the program: `3.13.0`. */
  readonly version: string;
  /** How long ago it wrote its metadata to disk, in s by its own clock; undefined: not told. */
  readonly savedSecondsAgo?: number;
}

/** What `list-metadataservers` says. */
export interface MetadataServers {
  readonly servers: readonly MetadataServer[];
  /** The metaloggers that are connected; undefined: the tool does not tell (all but MooseFS's). */
  readonly loggers?: readonly { readonly ip: string; readonly version: string }[];
}

/** A genuine output: LizardFS 3.13. */
export const metadataServersSample = `127.0.0.11 9421 vm master running 248 3.13.0
127.0.0.12 9421 vm shadow connected 248 3.13.0
`;

/**
 * `list-metadataservers --porcelain`: the master that was asked comes first, then its shadows. The
 * tool asks each for its state and gives up at the first that does not answer; a shadow that is
 * not connected to this master is not listed at all.
 */
export function parseMetadataServers(text: string): Parsed<MetadataServers> {
  const expected = 'ip, port, host, personality, status, metadata version, version';
  const result = readRecords(text, expected, readServer);
  return result.ok ? parsed({ servers: result.value }, result.unread) : result;
}

function readServer(line: string): MetadataServer | undefined {
  const words = line.split(' ');
  const [ip = ''] = words;
  const port = natural(words[1]);
  const [personality = '', status = '', changes, version = ''] = words.slice(-4);
  const metadataVersion = natural(changes);
  if (words.length < 7 || Number.isNaN(port) || Number.isNaN(metadataVersion)) return undefined;
  if (!/^[\d.]+$/.test(ip)) return undefined;
  const hostname = words.slice(2, -4).join(' ');
  return { ip, port, hostname, personality, status, metadataVersion, version };
}
