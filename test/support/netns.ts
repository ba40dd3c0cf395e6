import { spawnSync } from 'node:child_process';

/** A network and a /run of its own on this machine, reached over a cable of two ends. */
export interface NetworkSpace {
  /** Its address. */
  readonly host: string;
  /** Put before a program that is started inside, with an empty /run. */
  readonly within: readonly string[];
  /** Runs a line of shell in its network; what it printed. Throws where it fails. */
  readonly sh: (line: string) => string;
  readonly remove: () => void;
}

/**
 * Why there are no network spaces with a firewall to test with, for node:test's `skip`; false where
 * there are. Where CI is set nothing is skipped: the tests fail instead.
 */
export function netnsMissing(...programs: readonly string[]): string | false {
  if (process.env.CI === 'true') return false;
  const lacking = programs.filter((name) => !works(`command -v ${name}`));
  const why =
    process.getuid?.() !== 0
      ? 'who runs the tests is not root'
      : lacking.length > 0
        ? `${lacking.join(', ')} not installed`
        : works('unshare -n true')
          ? undefined
          : 'this machine allows no network namespaces';
  if (why === undefined) return false;
  const reason = `${why}: the tests with a real firewall are skipped`;
  process.stderr.write(`${reason}\n`);
  return reason;
}

/** Makes one; `nth` keeps those of tests that run side by side apart. */
export function networkSpace(nth: number): NetworkSpace {
  const name = `hf${process.pid}n${nth}`;
  const [outer, host] = [1, 2].map((end) => `10.213.${nth}.${end}`);
  const cable = `hf${process.pid % 100000}n${nth}`;
  sh(
    [
      `ip netns add ${name}`,
      `ip link add ${cable}a type veth peer name ${cable}b netns ${name}`,
      `ip addr add ${outer ?? ''}/30 dev ${cable}a`,
      `ip link set ${cable}a up`,
      `ip -n ${name} addr add ${host ?? ''}/30 dev ${cable}b`,
      `ip -n ${name} link set ${cable}b up`,
      `ip -n ${name} link set lo up`,
    ].join(' && '),
  );
  const inside = ['ip', 'netns', 'exec', name];
  const emptied = 'mount -t tmpfs tmpfs /run && mkdir /run/sshd && exec "$@"';
  return {
    host: host ?? '',
    within: [...inside, 'sh', '-c', emptied, 'sh'],
    sh: (line) => sh(line, inside),
    remove: () => void spawnSync('ip', ['netns', 'del', name]),
  };
}

function sh(line: string, within: readonly string[] = []): string {
  const { status, stdout, stderr } = spawnSync(
    within[0] ?? 'sh',
    [...within.slice(1), ...(within.length > 0 ? ['sh'] : []), '-c', line],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`\`${line}\` ended with ${status}: ${stderr}`);
  return stdout;
}

function works(line: string): boolean {
  return spawnSync('sh', ['-c', line], { stdio: 'ignore' }).status === 0;
}
