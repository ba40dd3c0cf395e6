import type { Replica } from './state.js';

/** Why a connection is refused, as the kernel logs it. */
export interface Misfit {
  /** Which of the two says it. */
  readonly by: 'device' | 'connection';
  readonly says: string;
}

/** What an option that must be alike is where nobody set it. */
const UNSET: Readonly<Record<string, string>> = {
  protocol: 'C',
  'allow-two-primaries': 'no',
  'after-sb-0pri': 'disconnect',
  'after-sb-1pri': 'disconnect',
  'after-sb-2pri': 'disconnect',
};

/** Why a side will not have its peer, by the options of both (drbd_receiver.c of 8.4); undefined: it will. */
export function misfitOf(
  { settings: mine }: Replica,
  { settings: theirs }: Replica,
): Misfit | undefined {
  return secretMisfit(mine.net, theirs.net) ?? optionMisfit(mine.net, theirs.net);
}

type Net = ReadonlyMap<string, string>;

function secretMisfit(mine: Net, theirs: Net): Misfit | undefined {
  const asks = mine.has('cram-hmac-alg');
  if (!asks && !theirs.has('cram-hmac-alg')) return undefined;
  if (asks !== theirs.has('cram-hmac-alg')) {
    const says = asks
      ? 'expected AuthChallenge packet, received: ReportProtocol (0x000b)'
      : 'expected ReportProtocol packet, received: AuthChallenge (0x0010)';
    return { by: 'connection', says };
  }
  if (mine.get('shared-secret') === theirs.get('shared-secret')) return undefined;
  return { by: 'connection', says: 'Authentication of peer failed' };
}

function optionMisfit(mine: Net, theirs: Net): Misfit | undefined {
  const of = (net: Net, key: string): string => net.get(key) ?? UNSET[key] ?? '';
  const other = Object.keys(UNSET).find((key) => of(mine, key) !== of(theirs, key));
  if (other !== undefined) {
    return { by: 'connection', says: `incompatible ${other} settings` };
  }
  const [a, b] = [of(mine, 'verify-alg'), of(theirs, 'verify-alg')];
  if (a === b) return undefined;
  const says = `Different verify-alg settings. me="${a}" peer="${b}"`;
  return { by: 'device', says };
}
