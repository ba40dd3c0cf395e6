import { quoteAll } from '../../core/quote.js';
import { listed } from '../../core/text.js';
import type { Firewall } from './look.js';
import { guarded, NOTHING, type Opening } from './opening.js';
import { holds } from './rules.js';

/**
 * firewalld has what runs and what is kept apart: the one under guard, the other once that is
 * confirmed.
 */
export function throughFirewalld(
  firewall: Firewall,
  { defaultZone, interfaces, ports: now, permanent }: NonNullable<Firewall['firewalld']>,
  ports: readonly number[],
  peer: string,
): Opening {
  const name = firewall.addresses.find(({ cidr }) => inNetwork(peer, cidr))?.name;
  const zone = (name === undefined ? undefined : interfaces.get(name)) ?? defaultZone;
  const closedIn = (open: ReadonlyMap<string, readonly string[]>): readonly number[] =>
    ports.filter((port) => !(open.get(zone) ?? []).some((entry) => isOpen(entry, port)));
  const command = (closed: readonly number[], verb: string, ...more: readonly string[]) => [
    'firewall-cmd',
    ...more,
    `--zone=${zone}`,
    ...closed.map((port) => `--${verb}-port=${port}/tcp`),
  ];
  const query = (closed: readonly number[], ...more: readonly string[]): readonly string[] => {
    const lines = closed.map((port) => {
      const argv = ['firewall-cmd', ...more, `--zone=${zone}`, `--query-port=${port}/tcp`];
      return `${quoteAll(argv)} >/dev/null 2>&1 || exit 0`;
    });
    return ['sh', '-c', [...lines, 'echo open'].join('\n')];
  };
  const running = closedIn(now);
  const kept = closedIn(permanent);
  return {
    ...NOTHING,
    steps: [
      ...(running.length === 0
        ? []
        : [
            guarded(
              running,
              `zone ${zone} of firewalld`,
              [{ argv: command(running, 'add') }],
              query(running),
              command(running, 'remove'),
            ),
          ]),
      ...(kept.length === 0
        ? []
        : [
            {
              kind: 'command.run',
              params: {
                title: `keep ${listed(kept.map(String))} open`,
                on: `zone ${zone} of firewalld, for good`,
                argv: command(kept, 'add', '--permanent'),
                effect: 'changes',
                shows: { argv: [...query(kept, '--permanent')], expect: 'open' },
                undo: {
                  says: 'do not keep them open',
                  argv: command(kept, 'remove', '--permanent'),
                },
              },
            },
          ]),
    ],
  };
}

/** `9421/tcp` or `9419-9422/tcp`. */
function isOpen(entry: string, port: number): boolean {
  const [range = '', protocol] = entry.split('/');
  return protocol === 'tcp' && holds(range, port);
}

/** ufw keeps what it runs: one command does both. */
export function throughUfw(lines: readonly string[], ports: readonly number[]): Opening {
  const closed = ports.filter((port) => {
    return !lines.some((line) => {
      const [, range = '', from] = /^([\d:,]+)(?:\/tcp)?\s+ALLOW(?: IN)?\s+(\S+)/.exec(line) ?? [];
      return from === 'Anywhere' && holds(range, port);
    });
  });
  if (closed.length === 0) return NOTHING;
  const each = (words: string) => closed.map((port) => `${words} ${port}/tcp`);
  const there = closed.map((port) => {
    return `LC_ALL=C ufw status | grep -q "^${port}/tcp  *ALLOW .*Anywhere" || exit 0`;
  });
  const out = [...each('ufw delete allow').map((line) => `${line} >/dev/null 2>&1`), 'true'];
  return {
    ...NOTHING,
    steps: [
      guarded(
        closed,
        'ufw',
        each('ufw allow').map((line) => ({ argv: line.split(' ') })),
        ['sh', '-c', [...there, 'echo open'].join('\n')],
        ['sh', '-c', out.join('\n')],
      ),
    ],
  };
}

/** Whether an IPv4 address lies in a network such as `10.0.0.1/24`. */
export function inNetwork(address: string, cidr: string): boolean {
  const [base = '', bits = '32'] = cidr.split('/');
  const [a, b] = [numberOf(address), numberOf(base)];
  if (a === undefined || b === undefined) return false;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(a / size) === Math.floor(b / size);
}

function numberOf(address: string): number | undefined {
  const parts = address.split('.').map(Number);
  const fits = parts.length === 4 && parts.every((n) => Number.isInteger(n) && n >= 0 && n < 256);
  return fits ? parts.reduce((sum, part) => sum * 256 + part, 0) : undefined;
}
