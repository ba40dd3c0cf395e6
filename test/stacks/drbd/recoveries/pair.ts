import type { Command, Host, Outcome } from '../../../../source/core/host.js';

/** One node's side of the only resource, `r0`, minor 0, on /dev/vdb. */
export interface Node {
  /** The host answers. */
  reached: boolean;
  /** The resource is in its configuration. */
  configured: boolean;
  module: boolean;
  up: boolean;
  role: 'Primary' | 'Secondary';
  disk: 'UpToDate' | 'Outdated' | 'Inconsistent' | 'Diskless';
  /** What its metadata have; null: there are none. */
  generation: readonly [current: string, bitmap: string] | null;
  /** Signatures on the disk beneath; null: the disk is gone. */
  holds: readonly string[] | null;
  /** The disk's blocks can be read. */
  reads: boolean;
  outOfSync: number;
}

type Name = 'fiori' | 'torchio';

const G1 = '1F65A735BE02A6E0';
const G0 = '5879F08F637B4E90';
const NONE = '0000000000000000';
const FRESH = '0000000000000004';
export const SIZE = 268_435_456;
/** KiB that a look sees copied. */
const STEP = 16;

/**
 * Two nodes with DRBD 8.4, as the real ones behave (drbd-utils 9.22): what is asked of them and what
 * changes them, for one resource that was in use.
 */
export class LivingPair {
  readonly nodes: Record<Name, Node> = {
    fiori: node({ role: 'Primary', generation: [G1, G0] }),
    torchio: node({ generation: [G0, NONE] }),
  };
  /** The network between them is cut. */
  cut = false;
  readonly ran: string[] = [];
  /** Called before and after each changing command. */
  instant: () => void = () => undefined;
  backingBytes = SIZE;
  readonly #lock: Record<Name, string> = { fiori: '', torchio: '' };

  get hosts(): ReadonlyMap<string, Host> {
    return new Map((['fiori', 'torchio'] as const).map((name) => [name, this.#host(name)]));
  }

  /** Everything that there is, for comparing. */
  get state(): string {
    return JSON.stringify(this.nodes);
  }

  #host(name: Name): Host {
    return {
      name,
      run: (command) => {
        if (!this.nodes[name].reached) {
          return Promise.resolve({ kind: 'unreachable', reason: 'no route to host' });
        }
        const isLock = command.argv.some((word) => word.includes('holdfast.lock'));
        if (command.effect === 'reads' || isLock) return Promise.resolve(this.#on(name, command));
        this.instant();
        this.ran.push(`${name}: ${command.argv.join(' ')}`);
        const outcome = this.#on(name, command);
        this.instant();
        return Promise.resolve(outcome);
      },
    };
  }

  #locks(name: Name, [, , script = '', , owner = '']: readonly string[]): Outcome {
    if (script.startsWith('if mkdir')) this.#lock[name] ||= owner;
    if (script.startsWith('rm -rf')) this.#lock[name] = '';
    return said(this.#lock[name]);
  }

  #peer(name: Name): Node {
    return this.nodes[name === 'fiori' ? 'torchio' : 'fiori'];
  }

  #met(name: Name): boolean {
    const [own, peer] = [this.nodes[name], this.#peer(name)];
    return own.up && peer.up && peer.reached && !this.cut;
  }

  #on(name: Name, { argv }: Command): Outcome {
    const own = this.nodes[name];
    const line = argv.join(' ');
    if (line.includes('holdfast.lock')) return this.#locks(name, argv);
    if (line.startsWith('sh -c lsblk')) return said(this.#devices(name));
    if (line === 'cat /proc/drbd') {
      return own.module ? said(this.#proc(name)) : failed(1, 'No such file or directory\n');
    }
    if (line.includes('$(drbdadm dump ')) return this.#drbdadm(name, 'dump');
    if (argv[0] === 'drbdadm') return this.#drbdadm(name, argv.slice(1).join(' '));
    if (argv[0] === 'modprobe') {
      if (!argv.includes('-n')) own.module = true;
      return said('');
    }
    if (line === 'test -e /proc/drbd') return own.module ? said('') : failed(1, '');
    if (argv[0] === 'ping') {
      return this.#peer(name).reached && !this.cut ? said('2 received\n') : failed(1, '');
    }
    if (argv[0] === 'dd') return own.reads && own.holds ? said('') : failed(1, 'I/O error\n');
    if (argv[0] === 'sed') return own.up ? said(`${this.#states(name).join(' ')}\n`) : said('');
    if (line.includes('mountinfo') && line.includes('holders')) return said('root 0\nend\n');
    if (line.includes('drbdadm get-gi') && !own.up) {
      return own.generation ? said(gi(own, line)) : failed(1, '');
    }
    if (line.includes('get-gi')) {
      return own.up && own.disk !== 'Diskless' ? said(gi(own, line)) : failed(10, 'no disk\n');
    }
    return failed(127, 'not found\n');
  }

  #states(name: Name): readonly [string, string, string] {
    const [own, peer] = [this.nodes[name], this.#peer(name)];
    if (!this.#met(name)) return ['WFConnection', `${own.role}/Unknown`, `${own.disk}/DUnknown`];
    const syncs = own.disk === 'Inconsistent' || peer.disk === 'Inconsistent';
    const cs = !syncs ? 'Connected' : own.disk === 'Inconsistent' ? 'SyncTarget' : 'SyncSource';
    return [cs, `${own.role}/${peer.role}`, `${own.disk}/${peer.disk}`];
  }

  #proc(name: Name): string {
    const own = this.nodes[name];
    const head = 'version: 8.4.11 (api:1/proto:86-101)\n';
    if (!own.up) return head;
    if (this.#met(name)) this.#copies();
    const [cs, ro, ds] = this.#states(name);
    return `${head} 0: cs:${cs} ro:${ro} ds:${ds} C r-----\n    ns:0 nr:0 dw:0 dr:0 al:8 bm:0 lo:0 pe:0 ua:0 ap:0 ep:1 wo:f oos:${own.outOfSync}\n`;
  }

  /** They compare their data as they meet; each look sees some of it copied. */
  #copies(): void {
    const nodes = Object.values(this.nodes);
    const [a, b] = nodes;
    if (!a || !b || nodes.some(({ disk }) => disk === 'Diskless')) return;
    if (a.generation?.[0] !== b.generation?.[0]) {
      const target = nodes.find((one) => one.disk !== 'UpToDate') ?? this.#older();
      target.disk = 'Inconsistent';
    } else if (nodes.every(({ disk }) => disk === 'Inconsistent')) return;
    else for (const one of nodes) if (one.disk === 'Outdated') one.disk = 'UpToDate';
    const target = nodes.find(({ disk }) => disk === 'Inconsistent');
    const source = nodes.find((one) => one !== target);
    if (!target || !source) return;
    source.outOfSync = Math.max(0, source.outOfSync - STEP);
    target.outOfSync = source.outOfSync;
    if (source.outOfSync > 0) return;
    target.disk = 'UpToDate';
    target.generation = [source.generation?.[0] ?? G1, NONE];
    source.generation = target.generation;
  }

  #older(): Node {
    const { fiori, torchio } = this.nodes;
    return torchio.generation?.[1] === fiori.generation?.[0] ? fiori : torchio;
  }

  #drbdadm(name: Name, words: string): Outcome {
    const own = this.nodes[name];
    if (words === 'dump')
      return own.configured ? said(DUMP(name)) : failed(1, 'no resources defined\n');
    if (!own.configured) return failed(1, "'r0' not defined in your config (for this host).\n");
    switch (words) {
      case 'sh-minor r0':
        return said('0\n');
      case 'get-gi r0':
        // It asks drbdsetup too, which loads the module.
        own.module = true;
        if (own.up && own.disk === 'Diskless') return failed(10, 'no disk\n');
        return own.generation ? said(gi(own, 'drbdadm')) : failed(1, '');
      case 'down r0':
        Object.assign(own, { up: false, role: 'Secondary' });
        return said('');
      case 'up r0':
        return this.#up(own);
      case 'create-md --force r0':
        if (own.up && own.disk !== 'Diskless') return failed(20, "Device '0' is configured!\n");
        Object.assign(own, { generation: [FRESH, NONE], holds: ['drbd'] });
        return said('');
      case 'attach r0':
        return this.#attach(own);
      case 'secondary r0':
        own.role = 'Secondary';
        return said('');
      case 'primary r0':
        if (own.disk !== 'UpToDate') return failed(17, 'Need access to UpToDate data\n');
        return this.#raise(own);
      case 'primary --force r0':
        own.disk = 'UpToDate';
        return this.#raise(own);
      default:
        return failed(1, `unknown: ${words}\n`);
    }
  }

  #raise(own: Node): Outcome {
    own.role = 'Primary';
    own.generation = ['ABCD000000000000', own.generation?.[0] ?? NONE];
    return said('');
  }

  #up(own: Node): Outcome {
    if (own.up) return failed(1, "Device '0' is configured!\n");
    if (!own.generation) return failed(1, 'No valid meta data found\n');
    Object.assign(own, { module: true, up: true, role: 'Secondary' });
    return said('');
  }

  #attach(own: Node): Outcome {
    if (own.disk !== 'Diskless') return failed(10, '(124) Device is attached to a disk\n');
    if (!own.generation || own.holds?.[0] !== 'drbd')
      return failed(10, '(119) No valid meta-data\n');
    own.disk = 'Inconsistent';
    return said('');
  }

  #devices(name: Name): string {
    const own = this.nodes[name];
    const drbd = `device NAME="drbd0" KNAME="drbd0" PKNAME="vdb" TYPE="disk" RO="0" SIZE="${SIZE - 45_056}" SERIAL="" WWN="" MODEL=""`;
    const asks = `asked vdb /dev/vdb\nasked drbd0 /dev/drbd0`;
    if (own.holds === null) return `asked drbd0 /dev/drbd0\n${drbd}`;
    return [
      asks,
      `device NAME="vdb" KNAME="vdb" PKNAME="" TYPE="disk" RO="0" SIZE="${this.backingBytes}" SERIAL="s-${name}" WWN="" MODEL=""`,
      ...(own.up && own.disk !== 'Diskless' ? [drbd] : []),
      ...own.holds.flatMap((type) => [
        `signature vdb 0x0,,,${type}`,
        `probe vdb UUID=${own.generation?.[0].toLowerCase() ?? ''}`,
      ]),
    ].join('\n');
  }
}

function node(more: Partial<Node>): Node {
  return {
    ...{ reached: true, configured: true, module: true, up: true, role: 'Secondary' },
    ...{ disk: 'UpToDate', generation: null, holds: ['drbd'], reads: true, outOfSync: 64 },
    ...more,
  };
}

function gi({ generation, role }: Node, line: string): string {
  const [current = FRESH, bitmap = NONE] = generation ?? [];
  if (line.includes('cut -d')) return `${current}:${bitmap}\n`;
  return `${current}:${bitmap}:${NONE}:${NONE}:1:1:${role === 'Primary' ? 1 : 0}:0:0:0:0\n`;
}

const DUMP = (host: string): string => {
  const on = (name: string, last: number) =>
    `    on ${name} {\n        device /dev/drbd0 minor 0;\n        disk /dev/vdb;\n        meta-disk internal;\n        address ipv4 192.0.2.${last}:7788;\n    }\n`;
  return `# resource r0 on ${host}: not ignored, not stacked\nresource r0 {\n${on('fiori', 1)}${on('torchio', 2)}    net { protocol C; allow-two-primaries yes; }\n}\n`;
};

function said(stdout: string): Outcome {
  return { kind: 'exited', code: 0, stdout, stderr: '' };
}

function failed(code: number, stderr: string): Outcome {
  return { kind: 'exited', code, stdout: '', stderr };
}
