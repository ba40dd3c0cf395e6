import type { Command, Host, Outcome } from '../../source/core/host.js';
import { failed, said } from './lvm-host.js';

export type Node = 'fiori' | 'torchio';

/** A file of a side: `INODE TYPE SIZE MODIFIED CHANGED MODE OWNER`, by its path. */
export type Files = Readonly<Record<string, string>>;

interface Side {
  role: 'Primary' | 'Secondary';
  link: 'StandAlone' | 'WFConnection' | 'Connected';
  generation: string;
  /** What its data is: the node that it came from. */
  data: Node;
  files: Files;
  /** Snapshots by name, each with the files of its instant. */
  readonly snapshots: Map<string, Snapshot>;
  /** Mount points: the device that is mounted there. */
  readonly mounts: Map<string, string>;
  /** Mount points that are there as folders. */
  readonly folders: Set<string>;
  /** Work that was begun, by its folder: how many looks it still takes, and how it ends. */
  readonly work: Map<string, { looks: number; end: string }>;
  /** What comparisons left behind, by folder. */
  readonly kept: Map<string, readonly string[]>;
  /** What was copied aside, by folder. */
  readonly aside: Map<string, readonly string[]>;
}

interface Snapshot {
  readonly tag: string;
  readonly files: Files;
  overflowed: boolean;
  /** Of OCFS2: it has a UUID of its own. */
  own: boolean;
}

const ROOM = 134_217_728;
const GENERATION = { fiori: 'C', torchio: 'E' } as const;

/** Two nodes whose only resource, `r0` on vg0/r0, is in split brain, with different files. */
export class SplitPair {
  readonly sides: Record<Node, Side>;
  readonly ran: string[] = [];
  instant: () => void = () => undefined;
  /** What blkid finds. */
  type = 'ext4';
  /** Sums of the blocks of each side, where there are no files. */
  sums: Record<Node, readonly string[]> = { fiori: [], torchio: [] };
  /** Work that fails, and with which words. */
  fails: string | undefined;
  /** What each node has free, in `df`. */
  df =
    'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda1 9000000 100 8000000 1% /\n';
  vgFree = ROOM;
  /** No logical volume beneath. */
  plain = false;
  readonly #lock: Record<Node, string> = { fiori: '', torchio: '' };

  constructor(files: Record<Node, Files>) {
    this.sides = { fiori: side('fiori', files.fiori), torchio: side('torchio', files.torchio) };
  }

  get hosts(): ReadonlyMap<string, Host> {
    return new Map((['fiori', 'torchio'] as const).map((name) => [name, this.#host(name)]));
  }

  /** Everything that there is, for comparing; the names of folders hold ids. */
  get state(): string {
    const sides = Object.values(this.sides).map(({ role, link, data, ...one }) => ({
      ...{ role, link, data, mounts: one.mounts.size, folders: one.folders.size },
      ...{ snapshots: one.snapshots.size, kept: one.kept.size },
      aside: [...one.aside.values()],
    }));
    return JSON.stringify(sides);
  }

  /** Snapshots and mounts that are there, of both. */
  get left(): number {
    return Object.values(this.sides).reduce(
      (sum, one) => sum + one.snapshots.size + one.mounts.size + one.folders.size,
      0,
    );
  }

  #host(name: Node): Host {
    return {
      name,
      run: (command) => {
        const isLock = command.argv.some((word) => word.includes('holdfast.lock'));
        if (command.effect === 'reads' || isLock)
          return Promise.resolve(this.#answer(name, command));
        this.instant();
        this.ran.push(`${name}: ${command.argv.filter((word) => !word.includes('\n')).join(' ')}`);
        const outcome = this.#answer(name, command);
        this.instant();
        return Promise.resolve(outcome);
      },
    };
  }

  #answer(name: Node, { argv }: Command): Outcome {
    const [program = '', ...words] = argv;
    const self = this.sides[name];
    const line = argv.join(' ');
    switch (program) {
      case 'cat':
        return words[0] === '/proc/drbd' ? said(this.#proc(name)) : failed(1, '');
      case 'sed':
        return said(`${self.link} ${this.#roles(name)} ${this.#disks(name)}\n`);
      case 'drbdadm':
        return this.#drbdadm(name, words);
      case 'lvs':
        return this.#lvs(self, line);
      case 'lvcreate':
        return this.#lvcreate(self, words);
      case 'lvremove':
        return this.#lvremove(self, words.at(-1) ?? '');
      case 'test': {
        const folder = words.at(-1) ?? '';
        return self.kept.has(folder) ? said('') : failed(1, '');
      }
      case 'sh':
        return this.#script(name, self, argv);
      default:
        return failed(127, 'not found\n');
    }
  }

  #roles(name: Node): string {
    const peer = this.sides[name === 'fiori' ? 'torchio' : 'fiori'];
    const self = this.sides[name];
    return `${self.role}/${self.link === 'Connected' ? peer.role : 'Unknown'}`;
  }

  #disks(name: Node): string {
    return this.sides[name].link === 'Connected' ? 'UpToDate/UpToDate' : 'UpToDate/DUnknown';
  }

  #proc(name: Node): string {
    const { link } = this.sides[name];
    const counters = '    ns:0 nr:0 dw:0 dr:0 al:8 bm:0 lo:0 pe:0 ua:0 ap:0 ep:1 wo:f oos:64';
    return `version: 8.4.11 (api:1/proto:86-101)\n 0: cs:${link} ro:${this.#roles(name)} ds:${this.#disks(name)} C r-----\n${counters}\n`;
  }

  #drbdadm(name: Node, words: readonly string[]): Outcome {
    const self = this.sides[name];
    const peer = this.sides[name === 'fiori' ? 'torchio' : 'fiori'];
    const line = words.join(' ');
    if (line === 'sh-minor r0') return said('0\n');
    if (line === 'disconnect r0') self.link = 'StandAlone';
    else if (line === 'secondary r0') self.role = 'Secondary';
    else if (line === 'primary r0') self.role = 'Primary';
    else if (line.startsWith('connect')) {
      self.link = 'WFConnection';
      if (line.includes('discard')) self.data = name === 'fiori' ? 'torchio' : 'fiori';
      if (peer.link === 'WFConnection') self.link = peer.link = 'Connected';
    } else return failed(127, 'not found\n');
    return said('');
  }

  #lvs({ snapshots }: Side, line: string): Outcome {
    if (this.plain) return failed(5, '');
    if (line.includes('vg_extent_size')) {
      return said(`  vg0|r0|268435456|${this.vgFree}|4194304|owi-aos---\n`);
    }
    const rows = [...snapshots].map(([name, { tag, overflowed }]) => {
      return `  ${name}|r0|swi-${overflowed ? 'I' : 'a'}-s---|12.50|${tag}`;
    });
    return said(['  r0||owi-aos---||', ...rows, ''].join('\n'));
  }

  #lvcreate(self: Side, words: readonly string[]): Outcome {
    const after = (option: string): string => words[words.indexOf(option) + 1] ?? '';
    const name = after('-n');
    if (self.snapshots.has(name)) return failed(5, 'already exists\n');
    if (Number.parseInt(after('-L'), 10) > this.vgFree) {
      return failed(5, '  Volume group "vg0" has insufficient free space\n');
    }
    const { files } = self;
    self.snapshots.set(name, {
      ...{ tag: after('--addtag'), files },
      ...{ overflowed: false, own: false },
    });
    return said('');
  }

  #lvremove(self: Side, place: string): Outcome {
    const name = place.replace('vg0/', '');
    if ([...self.mounts.values()].includes(`/dev/mapper/vg0-${name.replaceAll('-', '--')}`)) {
      return failed(5, `  Logical volume ${place} contains a filesystem in use.\n`);
    }
    return self.snapshots.delete(name) ? said('') : failed(5, 'Failed to find logical volume\n');
  }

  #script(name: Node, self: Side, argv: readonly string[]): Outcome {
    const [, , script = '', , first = '', ...rest] = argv;
    if (script.includes('holdfast.lock')) return this.#lockScript(name, script, first);
    if (script.includes('mountinfo')) return said('root 0\nend\n');
    if (script.includes('get-gi')) return said(this.#generation(name, script));
    if (argv.includes('get-gi')) return said(this.#generation(name, ''));
    if (script.includes('drbdsetup show') || script.includes('exec drbdsetup')) {
      return said(SHOWN);
    }
    if (script.includes('blkid -p')) return said(`524288\n${this.type}\nended 0\n`);
    if (script.startsWith('df ')) return said(`${this.df}default\n${this.df}`);
    if (script.includes('tunefs.ocfs2')) return this.#own(self, script, [first, ...rest]);
    if (script.includes('mount -t "$2"')) return this.#mount(self, rest[1] ?? '', rest[2] ?? '');
    if (script.includes('umount --')) {
      self.mounts.delete(first);
      self.folders.delete(first);
      return said('');
    }
    if (script.startsWith('findmnt')) {
      const source = self.mounts.get(first);
      const folder = self.folders.has(first) ? 'folder\n' : '';
      return said(`${source === undefined ? '' : `${source}\n`}${folder}`);
    }
    if (script.includes('setsid')) return this.#begin(name, self, first, rest);
    if (script.includes('echo none')) return said(this.#lookAtWork(self, first));
    if (script.includes('kill --')) {
      self.work.delete(first);
      return said('');
    }
    if (script.startsWith('rm -rf --')) {
      self.kept.delete(first);
      for (const folder of [...self.work.keys()]) {
        if (folder.startsWith(`${first}/`)) self.work.delete(folder);
      }
      return said('');
    }
    if (script.startsWith('cat "$1/head"')) return said((self.kept.get(first) ?? []).join('\n'));
    if (script.includes('cat head sums')) return said((self.kept.get(first) ?? []).join('\n'));
    if (script.includes('gzip -dc <"$1/list"')) return said(this.#entries(self, first));
    return failed(127, `not played: ${script.slice(0, 80)}\n`);
  }

  #generation(name: Node, script: string): string {
    const { generation } = this.sides[name];
    const whole = `${generation.repeat(16)}:${'A'.repeat(16)}`;
    return script.includes('cut')
      ? `${whole}\n`
      : `${whole}:${'0'.repeat(16)}:${'0'.repeat(16)}:1:1:1:0:0:0:0\n`;
  }

  #own({ snapshots }: Side, script: string, words: readonly string[]): Outcome {
    const device = words.at(-1) ?? '';
    const found = snapshots.get(device.replace('/dev/mapper/vg0-', '').replaceAll('--', '-'));
    if (!found) return said('');
    if (script.includes('-Q')) return said(`features sparse ${found.own ? 'local' : ''} xattr\n`);
    if (found.tag !== words[1]) return failed(9, 'it is not of this plan\n');
    found.own = true;
    return said('');
  }

  #mount(self: Side, device: string, target: string): Outcome {
    const name = device.replace('/dev/mapper/vg0-', '').replaceAll('--', '-');
    if (this.type === 'ocfs2' && self.snapshots.get(name)?.own !== true) {
      throw new Error('a snapshot of OCFS2 with the original’s UUID hangs');
    }
    self.folders.add(target);
    self.mounts.set(target, device);
    return said('');
  }

  /** The work is done as soon as it is begun, and looked at once before that shows. */
  #begin(name: Node, self: Side, folder: string, words: readonly string[]): Outcome {
    if (self.work.has(folder)) return said('');
    const [, , script = '', , ...own] = words;
    if (this.fails !== undefined) {
      self.work.set(folder, { looks: 0, end: `ended 7\n${this.fails}\n` });
      return said('');
    }
    if (script.includes('cp -av')) {
      const [, from = '', to = '', inodes = '', since = ''] = own;
      const chosen = entriesOf(this.#mounted(self, from)).filter(({ inode, changed, type }) => {
        return type !== 'd' && (inodes.split(' ').includes(inode) || changed >= Number(since));
      });
      self.aside.set(to, chosen.map(({ path }) => path).sort());
      self.work.set(folder, {
        looks: 1,
        end: `ended 0\n${chosen.length} files are copied and compared\n`,
      });
      return said('');
    }
    const [target = '', id = '', generation = ''] = own;
    const head = [`id ${id}`, `generation ${generation}`, 'at 1795284826'];
    if (script.includes('k=blocks')) {
      const sums = this.sums[name].map((sum, index) => `${index} ${sum}`);
      self.kept.set(target, [...head, 'kind blocks', ...sums]);
    } else {
      const files = entriesOf(this.#mounted(self, own[4] ?? ''));
      const lines = files.map((one) => one.line);
      const newest = Math.max(...files.map(({ changed }) => changed));
      const sum = Buffer.from(lines.join('\n')).toString('hex').slice(-32).padStart(32, '0');
      const sums = [`${sum}  -`, `bucket 0 ${lines.length} ${newest}`];
      self.kept.set(target, [
        ...head,
        'kind files',
        ...sums,
        ...lines.map((line) => `list ${line}`),
      ]);
    }
    self.work.set(folder, { looks: 1, end: 'ended 0\n' });
    return said('');
  }

  #mounted(self: Side, target: string): Files {
    const device = self.mounts.get(target) ?? '';
    const name = device.replace('/dev/mapper/vg0-', '').replaceAll('--', '-');
    return self.snapshots.get(name)?.files ?? {};
  }

  #lookAtWork(self: Side, folder: string): string {
    const work = self.work.get(folder);
    if (!work) return 'none\n';
    if (work.looks === 0) return work.end;
    work.looks -= 1;
    return 'runs\n1 of 2 files are copied\n';
  }

  #entries(self: Side, folder: string): string {
    const lines = self.kept.get(folder) ?? [];
    return lines
      .flatMap((line) => (line.startsWith('list ') ? [`${line.slice(5)}\n`] : []))
      .join('');
  }

  #lockScript(name: Node, script: string, owner: string): Outcome {
    if (script.startsWith('if mkdir')) this.#lock[name] ||= owner;
    if (script.startsWith('rm -rf')) this.#lock[name] = '';
    return said(this.#lock[name]);
  }
}

const SHOWN =
  'resource r0 {\n    _this_host {\n        volume 0 {\n            device\tminor 0;\n            disk\t"/dev/vg0/r0";\n        }\n    }\n}\n';

function side(name: Node, files: Files): Side {
  return {
    role: 'Primary',
    link: 'StandAlone',
    generation: GENERATION[name],
    data: name,
    files,
    snapshots: new Map(),
    mounts: new Map(),
    folders: new Set(),
    work: new Map(),
    kept: new Map(),
    aside: new Map(),
  };
}

function entriesOf(files: Files) {
  return Object.entries(files).map(([path, facts]) => {
    const [inode = '', type = '', , , changed = ''] = facts.split(' ');
    return { path, inode, type, changed: Number(changed), line: `${facts} ${path}` };
  });
}
