import { quorumOf } from '../../fleet/ceph.js';
import type { Fleet } from '../../fleet/state.js';
import { failed, printed, readArguments, type Call, type Ran } from '../program.js';
import {
  dfJson,
  healthJson,
  osdDfJson,
  osdTreeJson,
  quorumJson,
  statusJson,
  versionLine,
  versionsJson,
} from './json.js';
import { dfText, healthText, osdDfText, osdTreeText, statLine, statusText } from './text.js';

/** Options whose value is the next argument. */
const VALUED = new Set([
  '-f',
  '--format',
  '--connect-timeout',
  '-c',
  '--conf',
  '-k',
  '--keyring',
  '--id',
  '-n',
  '--name',
  '--cluster',
]);

/** How long a client hunts for a monitor by itself, in ms. */
const HUNT = 300_000;

type Format = 'plain' | 'json' | 'json-pretty';

/** Simulates the ceph command of Ceph 16. Without a quorum it waits, then gives up. */
export async function ceph({ args, fleet, signal }: Call): Promise<Ran> {
  const { flags, values, words } = readArguments(args, VALUED);
  if (flags.has('--version') || flags.has('-v')) return printed(versionLine);
  if (quorumOf(fleet).length === 0) return hunt(fleet, values.get('--connect-timeout'), signal);
  const command = flags.has('-s') || flags.has('--status') ? 'status' : words.join(' ');
  const wanted = values.get('-f') ?? values.get('--format') ?? 'plain';
  const format: Format = wanted === 'json' || wanted === 'json-pretty' ? wanted : 'plain';
  const answer = ANSWERS[command];
  if (!answer) {
    return failed(
      22,
      'no valid command found; 10 closest matches:\nError EINVAL: invalid command\n',
    );
  }
  if (format === 'plain' && answer.text) return printed(answer.text(fleet));
  const value = answer.json?.(fleet);
  if (value === undefined) return printed(answer.text?.(fleet) ?? '');
  // What is JSON without being asked for it has no empty line before it.
  if (format === 'plain') return printed(`${JSON.stringify(value, null, 4)}\n`);
  const shown = format === 'json' ? JSON.stringify(value) : JSON.stringify(value, null, 4);
  return printed(`\n${shown}${answer.endsLine ? '\n' : ''}`);
}

interface CephAnswer {
  readonly text?: (fleet: Fleet) => string;
  readonly json?: (fleet: Fleet) => unknown;
  /** Its JSON ends with a newline. */
  readonly endsLine?: boolean;
}

const status: CephAnswer = { text: statusText, json: statusJson, endsLine: true };

const ANSWERS: Readonly<Record<string, CephAnswer>> = {
  status,
  health: { text: (fleet) => healthText(fleet, false), json: (fleet) => healthJson(fleet, false) },
  'health detail': {
    text: (fleet) => healthText(fleet, true),
    json: (fleet) => healthJson(fleet, true),
  },
  'osd tree': { text: osdTreeText, json: osdTreeJson, endsLine: true },
  'osd df': { text: osdDfText, json: osdDfJson, endsLine: true },
  df: { text: dfText, json: dfJson, endsLine: true },
  versions: { json: versionsJson },
  quorum_status: { json: quorumJson, endsLine: true },
  'osd stat': { text: (fleet) => statLine(fleet, 'osd') },
  'pg stat': { text: (fleet) => statLine(fleet, 'pg') },
  'mon stat': { text: (fleet) => statLine(fleet, 'mon') },
  'progress json': { json: () => ({ completed: [], events: [] }) },
};

async function hunt(fleet: Fleet, timeout: string | undefined, signal: AbortSignal): Promise<Ran> {
  const seconds = Number(timeout);
  const bounded = timeout !== undefined && Number.isFinite(seconds) && seconds > 0;
  await fleet.clock.sleep(bounded ? seconds * 1000 + 500 : HUNT, signal);
  if (bounded) return failed(1, 'timed out\n');
  const now = new Date(fleet.clock.now).toISOString().replace('Z', '+0000');
  const line = `${now} 7fd2f18b96c0  0 monclient(hunting): authenticate timed out after 300\n`;
  return failed(1, `${line}\n[errno 110] RADOS timed out (error connecting to the cluster)\n`);
}
