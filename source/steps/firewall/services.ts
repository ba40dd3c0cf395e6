import { quoteAll } from '../../core/quote.js';
import type { Firewall } from './look.js';
import { guarded, NOTHING, type Opening } from './opening.js';
import { holds } from './rules.js';
import { inNetwork, wantedWords, type Wanted } from './wanted.js';

/**
 * firewalld has what runs and what is kept apart: the one under guard, the other once that is
 * confirmed.
 */
export function throughFirewalld(
  firewall: Firewall,
  {
    defaultZone,
    interfaces,
    ports: now,
    permanent,
    rich,
    richKept,
  }: NonNullable<Firewall['firewalld']>,
  wanted: readonly Wanted[],
  peer: string,
): Opening {
  const name = firewall.addresses.find(({ cidr }) => inNetwork(peer, cidr))?.name;
  const zone = (name === undefined ? undefined : interfaces.get(name)) ?? defaultZone;
  const closedIn = (open: Entries, rules: Entries): readonly Wanted[] =>
    wanted.filter(
      (one) =>
        !(open.get(zone) ?? []).some((entry) => isOpen(entry, one)) &&
        !(rules.get(zone) ?? []).includes(richRule(one)),
    );
  const command = (closed: readonly Wanted[], verb: string, ...more: readonly string[]) => [
    'firewall-cmd',
    ...more,
    `--zone=${zone}`,
    ...closed.map((one) => option(verb, one)),
  ];
  const query = (closed: readonly Wanted[], ...more: readonly string[]): readonly string[] => {
    const lines = closed.map((one) => {
      const argv = ['firewall-cmd', ...more, `--zone=${zone}`, option('query', one)];
      return `${quoteAll(argv)} >/dev/null 2>&1 || exit 0`;
    });
    return ['sh', '-c', [...lines, 'echo open'].join('\n')];
  };
  const running = closedIn(now, rich);
  const kept = closedIn(permanent, richKept);
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
                title: `keep ${wantedWords(kept)} open`,
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

type Entries = ReadonlyMap<string, readonly string[]>;

/** A port for everybody is a port of its zone; for some only it is a rich rule. */
function option(verb: string, one: Wanted): string {
  const { port, protocol, source } = one;
  return source === undefined
    ? `--${verb}-port=${port}/${protocol}`
    : `--${verb}-rich-rule=${richRule(one)}`;
}

/** As firewalld prints it again (firewalld.richlanguage(5)). */
function richRule({ port, protocol, source = '0.0.0.0/0' }: Wanted): string {
  return `rule family="ipv4" source address="${source}" port port="${port}" protocol="${protocol}" accept`;
}

/** `9421/tcp` or `9419-9422/tcp`. */
function isOpen(entry: string, wanted: Wanted): boolean {
  const [range = '', protocol] = entry.split('/');
  return protocol === wanted.protocol && holds(range, wanted.port);
}

/** ufw keeps what it runs: one command does both. */
export function throughUfw(lines: readonly string[], wanted: readonly Wanted[]): Opening {
  const closed = wanted.filter((one) => !lines.some((line) => isAllowed(line, one)));
  if (closed.length === 0) return NOTHING;
  const allow = ({ port, protocol, source }: Wanted): string =>
    source === undefined
      ? `allow ${port}/${protocol}`
      : `allow from ${source} to any port ${port} proto ${protocol}`;
  const there = closed.map(({ port, protocol, source = 'Anywhere' }) => {
    return `LC_ALL=C ufw status | grep -q "^${port}/${protocol}  *ALLOW .*${source.replaceAll('.', '[.]')}" || exit 0`;
  });
  const out = [...closed.map((one) => `ufw delete ${allow(one)} >/dev/null 2>&1`), 'true'];
  return {
    ...NOTHING,
    steps: [
      guarded(
        closed,
        'ufw',
        closed.map((one) => ({ argv: ['ufw', ...allow(one).split(' ')] })),
        ['sh', '-c', [...there, 'echo open'].join('\n')],
        ['sh', '-c', out.join('\n')],
      ),
    ],
  };
}

/** `9419:9422/tcp  ALLOW IN  10.0.0.0/24`; without a protocol it is for both. */
function isAllowed(line: string, { port, protocol, source }: Wanted): boolean {
  const [, range = '', of, from = ''] =
    /^([\d:,]+)(?:\/(tcp|udp))?\s+ALLOW(?: IN)?\s+(\S+)/.exec(line) ?? [];
  const isFor = from === 'Anywhere' || (source !== undefined && inNetwork(source, from));
  return isFor && (of ?? protocol) === protocol && holds(range, port);
}
