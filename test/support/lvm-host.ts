import type { Command, Host, Outcome } from '../../source/core/host.js';

/** A logical volume of the simulated host. */
export interface FakeVolume {
  sizeBytes: number;
  tags: Set<string>;
  /** What wipefs finds on it. */
  holds: string[];
  open: boolean;
}

const FREE = 'insufficient free space';

/** A host whose whole state is the volumes of one group, `vg0`; every changing command is kept. */
export class LvmHost implements Host {
  readonly volumes = new Map<string, FakeVolume>();
  readonly ran: string[] = [];
  freeBytes = 100 * 2 ** 30;
  #lock = '';
  /** Called before and after each changing command; may throw, as a console that dies. */
  instant: () => void = () => undefined;

  /** @param more answers what LVM does not; undefined: it is not its own either */
  constructor(
    readonly name = 'fiori',
    readonly more: (command: Command) => Outcome | undefined = () => undefined,
  ) {}

  readonly run = (command: Command): Promise<Outcome> => {
    const isLock = command.argv.some((word) => word.includes('holdfast.lock'));
    const answer = (): Outcome => this.more(command) ?? this.#answer(command.argv);
    if (command.effect === 'reads' || isLock) return Promise.resolve(answer());
    this.instant();
    this.ran.push(command.argv.filter((word) => !word.includes('\n')).join(' '));
    const outcome = answer();
    this.instant();
    return Promise.resolve(outcome);
  };

  #answer(argv: readonly string[]): Outcome {
    const [program = '', ...words] = argv;
    switch (program) {
      case 'lvs':
        return words.at(-1) === 'vg0'
          ? said([...this.volumes].map(([name, one]) => row(name, one)).join('\n'))
          : failed(5, '  Volume group "vg1" not found\n');
      case 'lvcreate':
        return this.#create(words);
      case 'lvchange':
        return this.#retag(words);
      case 'lvextend':
        return this.#extend(words);
      case 'sh':
        return this.#script(argv);
      default:
        return failed(127, `${program}: not found\n`);
    }
  }

  #create(words: readonly string[]): Outcome {
    const name = after(words, '-n');
    const sizeBytes = Number.parseInt(after(words, '-L'), 10);
    if (this.volumes.has(name)) {
      return failed(5, `  Logical Volume "${name}" already exists in volume group "vg0"\n`);
    }
    if (sizeBytes > this.freeBytes) return failed(5, `  Volume group "vg0" has ${FREE}\n`);
    this.freeBytes -= sizeBytes;
    const tags = new Set([after(words, '--addtag')]);
    this.volumes.set(name, { sizeBytes, tags, holds: [], open: false });
    return said('');
  }

  #retag(words: readonly string[]): Outcome {
    const volume = this.#named(words.at(-1) ?? '');
    volume?.tags.delete(after(words, '--deltag'));
    volume?.tags.add(after(words, '--addtag'));
    return volume ? said('') : failed(5, '  Failed to find logical volume\n');
  }

  #extend(words: readonly string[]): Outcome {
    const volume = this.#named(words.at(-1) ?? '');
    const sizeBytes = Number.parseInt(after(words, '-L'), 10);
    if (!volume || sizeBytes - volume.sizeBytes > this.freeBytes) {
      return failed(5, `  Insufficient free space\n`);
    }
    volume.sizeBytes = sizeBytes;
    return said('');
  }

  /** The two scripts of the step: what is half made is cleared; what is made is removed. */
  #script([
    ,
    ,
    script = '',
    ,
    vg = '',
    name = '',
    third = '',
    ...allowed
  ]: readonly string[]): Outcome {
    if (/^(?:if mkdir|rm -rf)|holdfast\.lock/.test(script)) return this.#lockScript(script, vg);
    const volume = this.#named(`${vg}/${name}`);
    if (!script.includes('wipefs')) {
      if (volume?.tags.has(third)) this.#remove(name);
      return said('');
    }
    const strange = volume?.holds.find((type) => !allowed.includes(type));
    if (strange !== undefined) return failed(1, `${third} holds ${strange} by now\n`);
    if (volume?.open) return failed(5, `  Logical volume ${vg}/${name} in use.\n`);
    this.#remove(name);
    return said('');
  }

  #lockScript(script: string, owner: string): Outcome {
    if (script.startsWith('if mkdir')) this.#lock ||= owner;
    if (script.startsWith('rm -rf')) this.#lock = '';
    return said(this.#lock);
  }

  #remove(name: string): void {
    this.freeBytes += this.volumes.get(name)?.sizeBytes ?? 0;
    this.volumes.delete(name);
  }

  #named(path: string): FakeVolume | undefined {
    return this.volumes.get(path.replace(/^vg0\//, ''));
  }
}

function row(name: string, { sizeBytes, tags }: FakeVolume): string {
  return `  ${name}|${sizeBytes}|${[...tags].join(',')}`;
}

function after(words: readonly string[], option: string): string {
  return words[words.indexOf(option) + 1] ?? '';
}

/** A command that ended well. */
export function said(stdout: string): Outcome {
  return { kind: 'exited', code: 0, stdout, stderr: '' };
}

/** A command that ended with an error. */
export function failed(code: number, stderr: string): Outcome {
  return { kind: 'exited', code, stdout: '', stderr };
}
