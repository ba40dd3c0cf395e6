import { createHash } from 'node:crypto';
import type { Command, Outcome } from '../../source/core/host.js';
import { hideSecrets } from '../../source/tools/secret-lines.js';
import { failed, LvmHost, said } from './lvm-host.js';

/** One node's side of the only resource, `small`, minor 0. */
export interface FakeSide {
  /** Text of /etc/drbd.d/small.res. */
  file: string | null;
  /** The generation in its metadata; null: there are none. */
  generation: string | null;
  up: boolean;
  role: 'Primary' | 'Secondary';
  disk: 'Inconsistent' | 'UpToDate';
}

export const FRESH = '0000000000000004';
const USED = '1F65A735BE02A6E0';
const LV = 'small';

/** Two nodes with a volume group and DRBD 8.4 between them, as far as a new resource needs it. */
export class DrbdPair {
  readonly sides: Record<'fiori' | 'torchio', FakeSide> = { fiori: blank(), torchio: blank() };
  readonly fiori: LvmHost = new LvmHost('fiori', (command) => this.#on('fiori', command));
  readonly torchio: LvmHost = new LvmHost('torchio', (command) => this.#on('torchio', command));
  /** What create-md ends with where it does not write. */
  refuses: Outcome | undefined;
  /** What the checker of the file says, where it does not pass. */
  conflict = '';
  /** KiB that the first sync still has to copy, and how many of them a look sees done. */
  unsynced = 0;

  get hosts(): ReadonlyMap<string, LvmHost> {
    return new Map([
      ['fiori', this.fiori],
      ['torchio', this.torchio],
    ]);
  }

  /** Calls this before and after each changing command on either node. */
  set instant(instant: () => void) {
    this.fiori.instant = instant;
    this.torchio.instant = instant;
  }

  /** Everything that there is, for comparing. */
  get state(): string {
    const volumes = [this.fiori, this.torchio].map((host) =>
      [...host.volumes].map(([name, { sizeBytes }]) => `${name} ${sizeBytes}`),
    );
    return JSON.stringify([this.sides, volumes]);
  }

  #peer(node: keyof typeof this.sides): FakeSide {
    return this.sides[node === 'fiori' ? 'torchio' : 'fiori'];
  }

  #on(node: keyof typeof this.sides, { argv, input }: Command): Outcome | undefined {
    const side = this.sides[node];
    const [program = '', verb = ''] = argv;
    switch (program) {
      case 'cat':
        return verb === '/proc/drbd' ? said(this.#proc(node)) : undefined;
      case 'vgs':
        return said('AbCd');
      case 'readlink':
        return side.up ? said('/dev/drbd0\n') : failed(1, '');
      case 'drbdadm':
        return this.#drbdadm(node, argv.slice(1));
      case 'sh':
        return this.#script(side, node, argv, input ?? '');
      default:
        return undefined;
    }
  }

  #proc(node: keyof typeof this.sides): string {
    const side = this.sides[node];
    const peer = this.#peer(node);
    const head = 'version: 8.4.11 (api:1/proto:86-101)\n';
    if (!side.up) return head;
    this.#sync();
    const both = peer.up;
    const syncs = both && side.disk !== peer.disk;
    const source = side.disk === 'UpToDate' ? 'SyncSource' : 'SyncTarget';
    const cs = both ? (syncs ? source : 'Connected') : 'WFConnection';
    const ro = `${side.role}/${both ? peer.role : 'Unknown'}`;
    const ds = `${side.disk}/${both ? peer.disk : 'DUnknown'}`;
    const counters = '    ns:0 nr:0 dw:0 dr:0 al:8 bm:0 lo:0 pe:0 ua:0 ap:0 ep:1 wo:f';
    return `${head} 0: cs:${cs} ro:${ro} ds:${ds} C r-----\n${counters} oos:${this.unsynced}\n`;
  }

  /** Each look sees some of the first sync done. */
  #sync(): void {
    const sides = Object.values(this.sides);
    const good = sides.filter(({ disk }) => disk === 'UpToDate');
    if (good.length !== 1 || !sides.every(({ up }) => up)) return;
    this.unsynced = Math.max(0, this.unsynced - 16);
    if (this.unsynced > 0) return;
    for (const side of sides) {
      side.disk = 'UpToDate';
      side.generation = USED;
    }
  }

  #drbdadm(node: keyof typeof this.sides, words: readonly string[]): Outcome {
    const side = this.sides[node];
    const line = words.join(' ');
    if (side.file === null) return failed(1, "'small' not defined in your config\n");
    if (line === 'sh-resources') return said('small\n');
    if (line === 'get-gi small') {
      return side.generation === null ? failed(1, '') : said(`${side.generation}:0:0:0:0\n`);
    }
    if (line === 'down small') return this.#down(side);
    if (line === 'up small') return this.#up(side);
    if (line.includes('wipe-md')) {
      if (side.up) return failed(20, "Device '0' is configured!\n");
      Object.assign(side, { generation: null, disk: 'Inconsistent' });
      const holds = this.#named(node)?.holds ?? [];
      holds.splice(holds.indexOf('drbd'), 1);
      return said('');
    }
    if (line === 'create-md --force small') return this.#createMd(node, side);
    if (!side.up) return failed(10, '0: Failure: (127) Device minor not allocated\n');
    if (line === 'secondary small') side.role = 'Secondary';
    if (line === 'primary small') {
      if (side.disk !== 'UpToDate') return failed(17, 'Need access to UpToDate data\n');
      side.role = 'Primary';
    }
    if (line === 'primary --force small') {
      Object.assign(side, { role: 'Primary', disk: 'UpToDate', generation: USED });
    }
    if (line === 'new-current-uuid --clear-bitmap small/0') {
      for (const one of Object.values(this.sides)) {
        Object.assign(one, { disk: 'UpToDate', generation: USED });
      }
    }
    return said('');
  }

  #createMd(node: keyof typeof this.sides, side: FakeSide): Outcome {
    if (this.refuses) return this.refuses;
    side.generation = FRESH;
    side.disk = 'Inconsistent';
    this.#named(node)?.holds.push('drbd');
    return said('New drbd meta data block successfully created.\n');
  }

  #up(side: FakeSide): Outcome {
    if (side.generation === null) return failed(1, 'No valid meta data found\n');
    if (side.up) return failed(1, "Device '0' is configured!\n");
    side.up = true;
    return said('');
  }

  #down(side: FakeSide): Outcome {
    Object.assign(side, { up: false, role: 'Secondary' });
    return said('');
  }

  #named(node: keyof typeof this.sides) {
    return this[node].volumes.get(LV);
  }

  /** The scripts of `file.edit`, of the looks at a device, and of drbdadm's acceptance. */
  #script(
    side: FakeSide,
    node: keyof typeof this.sides,
    argv: readonly string[],
    input: string,
  ): Outcome | undefined {
    const script = argv[2] ?? '';
    if (script.startsWith('lsblk')) return said(this.#devices(node));
    if (script.includes('echo accepted')) {
      return side.file === null ? failed(1, 'not defined\n') : said('accepted\n');
    }
    if (script.startsWith('for t in $(wipefs')) {
      const data = this.#named(node)?.holds.find((type) => type !== 'drbd');
      return data === undefined ? said('') : failed(1, `it holds ${data} by now\n`);
    }
    if (script.includes('sha256sum') && script.includes('busy')) {
      return said(side.file === null ? 'absent\n' : `${sum(side.file)}  -\n`);
    }
    if (script.includes('holdfast-new')) {
      if (this.conflict !== '') return failed(10, this.conflict);
      side.file = input;
      return said('');
    }
    if (script.includes('&& rm "$1"')) {
      side.file = null;
      return said('');
    }
    return undefined;
  }

  #devices(node: keyof typeof this.sides): string {
    const volume = this.#named(node);
    if (!volume) return '';
    const path = '/dev/vg0/small';
    return [
      `asked dm-0 ${path}`,
      `device NAME="vg0-small" KNAME="dm-0" PKNAME="" TYPE="lvm" RO="0" SIZE="${volume.sizeBytes}" SERIAL="" WWN="" MODEL=""`,
      ...volume.holds.map((type) => `signature dm-0 0x0,u,,${type}`),
    ].join('\n');
  }
}

function blank(): FakeSide {
  return { file: null, generation: null, up: false, role: 'Secondary', disk: 'Inconsistent' };
}

function sum(text: string): string {
  const hidden = hideSecrets(text, { keys: ['shared-secret'], form: 'statement' });
  return createHash('sha256').update(hidden).digest('hex');
}
