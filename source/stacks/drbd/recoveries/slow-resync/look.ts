import { reads, type Reader } from '../../../../core/host.js';
import { linesOf } from '../../../../core/text.js';
import { confOf } from '../../names.js';
import { askKernel } from '../../read/hidden.js';
import type { Settings } from '../../read/settings.js';
import type { Side } from '../../split-brain/side.js';

/** How busy a side is, of one second. */
export interface Busy {
  /** Share of the time in which the disk beneath had something to do, 0 to 1, by its path. */
  readonly disks: ReadonlyMap<string, number>;
  /** The card towards the peer. Bytes a second; `speed` what it can, where it says. */
  readonly net:
    | {
        readonly card: string;
        readonly bytesPerSecond: number;
        readonly speed: number | undefined;
      }
    | undefined;
}

/** A side with what limits it. */
export interface PacedSide {
  readonly side: Side;
  readonly settings: Settings | undefined;
  readonly busy: Busy;
}

/** $1 the peer's address, then the backing devices. Builtins only: a process costs more than a second there. */
const SCRIPT = [
  'p=$1; shift; i=',
  'if [ -n "$p" ]; then set -- "$@" --; for w in $(ip -o route get "$p" 2>/dev/null); do [ "$l" = dev ] && i=$w; l=$w; done; fi',
  'snap() { for d do [ "$d" = -- ] && break; n=$(readlink -f "$d"); read -r _ _ _ _ _ _ _ _ _ t _ < "/sys/class/block/${n##*/}/stat" && echo "disk $t $d"; done 2>/dev/null',
  'if [ -n "$i" ]; then read -r a < "/sys/class/net/$i/statistics/rx_bytes"; read -r b < "/sys/class/net/$i/statistics/tx_bytes"; echo "net $a $b $i"; fi 2>/dev/null',
  'read -r u _ < /proc/uptime; echo "at $u"; }',
  'snap "$@"; sleep 1; snap "$@"',
  '[ -n "$i" ] && { read -r v < "/sys/class/net/$i/speed"; } 2>/dev/null && echo "speed $v"',
  'exit 0',
].join('\n');

/** Looks at what a side's resync is limited by: its rates, its disks, its way to the peer. Never rejects. */
export async function lookAtPace(host: Reader, side: Side): Promise<PacedSide> {
  const { resource, on } = side.end.replica;
  const other = confOf(on, resource)?.others.find(({ name }) => name === side.end.link.peer);
  const peer = (other ?? confOf(on, resource)?.others[0])?.address?.replace(/:\d+$/, '') ?? '';
  const disks = side.volumes.flatMap(({ backing }) => backing ?? []);
  const [settings, outcome] = await Promise.all([
    askKernel(host, resource),
    host.run(reads(['sh', '-c', SCRIPT, 'sh', peer, ...disks], 30_000)),
  ]);
  const text = outcome.kind === 'exited' ? outcome.stdout : '';
  return { side, settings, busy: parseBusy(text) };
}

/** Reads the two moments that the script prints. */
export function parseBusy(text: string): Busy {
  const disks = new Map<string, number[]>();
  const net: { card: string; bytes: number }[] = [];
  const at: number[] = [];
  let speed: number | undefined;
  for (const line of linesOf(text)) {
    const [kind, a = '', ...rest] = line.split(' ');
    if (kind === 'at') at.push(Number(a));
    if (kind === 'disk')
      disks.set(rest.join(' '), [...(disks.get(rest.join(' ')) ?? []), Number(a)]);
    if (kind === 'net')
      net.push({ card: rest[1] ?? '', bytes: Math.max(Number(a), Number(rest[0])) });
    // In Mbit/s; -1 where the card does not say (sysfs-class-net).
    if (kind === 'speed' && Number(a) > 0) speed = (Number(a) * 1_000_000) / 8;
  }
  const seconds = (at[1] ?? 0) - (at[0] ?? 0);
  if (!(seconds > 0)) return { disks: new Map(), net: undefined };
  const [before, after] = net;
  return {
    disks: new Map(
      [...disks].flatMap(([path, [x, y]]): [string, number][] =>
        x === undefined || y === undefined ? [] : [[path, Math.min(1, (y - x) / 1000 / seconds)]],
      ),
    ),
    net: before &&
      after && {
        card: after.card,
        bytesPerSecond: (after.bytes - before.bytes) / seconds,
        speed,
      },
  };
}
