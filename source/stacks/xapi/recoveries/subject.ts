import type { HostName, Reader } from '../../../core/host.js';
import type { Block, Cell } from '../../../core/pane.js';
import type { Case } from '../../../core/recovery.js';
import { clean } from '../../../core/text.js';
import { beneathWords } from '../beneath.js';
import { hookWords } from '../hook.js';
import { plugName } from '../rules/context.js';
import type { Plug, PoolPicture, Repository } from '../view.js';
import type { OurMember } from '../wizards/pools.js';

/** What a recovery is asked about: `LizardFS on xs-2`, as the findings call it. */
export interface Subject {
  readonly pool: PoolPicture;
  readonly repository: Repository;
  readonly plug: Plug;
  readonly member: OurMember;
  readonly reader: Reader;
}

/** The subject among what was found; or a case that says why there is none. */
export function subjectOf(
  pools: readonly PoolPicture[],
  name: string,
  hosts: ReadonlyMap<HostName, Reader>,
): Subject | Case {
  for (const pool of pools) {
    for (const repository of pool.repositories) {
      for (const plug of repository.plugs) {
        if (clean(plugName(repository, plug)) !== name) continue;
        const { host } = plug.member;
        const reader = host === undefined ? undefined : hosts.get(host);
        if (host === undefined || !reader) continue;
        return { pool, repository, plug, member: { ...plug.member, host }, reader };
      }
    }
  }
  return nearMiss('not found', `There is no PBD called ${name} on the hosts that answer.`, [], {
    todo: 'It is called REPOSITORY on HOST, as the list of problems has it; its pool must answer.',
  });
}

/** A case that is told and left alone. */
export function nearMiss(
  verdict: string,
  happened: string,
  blocks: readonly Block[],
  { todo }: { readonly todo: string },
): Case {
  return {
    verdict,
    mendable: false,
    happened: clean(happened),
    todo: clean(todo),
    blocks,
    ways: [],
  };
}

/** All hosts of the repository next to each other: what is so on the others is what should be. */
export function sidesBlock({ repository: { plugs } }: Subject): Block {
  const row = (label: string, of: (plug: Plug) => Cell) => ({
    label,
    values: plugs.map((plug) => {
      const cell = of(plug);
      return { ...cell, text: clean(cell.text) };
    }),
  });
  return {
    kind: 'sides',
    sides: plugs.map(({ member }) => clean(member.name)),
    rows: [
      row('attached', ({ pbd }) =>
        pbd.attached ? { text: 'yes', tone: 'good' } : { text: 'no', tone: 'alert' },
      ),
      row('location', ({ pbd }) => ({ text: pbd.config.get('location') ?? '–' })),
      row('beneath', ({ beneath }) => ({ text: beneathWords(beneath) })),
      row('boot hook', ({ hook }) => ({
        text: hookWords(hook),
        ...(hook.kind === 'lost' && { tone: 'alert' }),
      })),
    ],
  };
}

/** The virtual machines with disks on it. */
export function usersBlock({ repository: { users = [] } }: Subject): readonly Block[] {
  if (users.length === 0) return [];
  const lines = users.map(({ name, running }) =>
    clean(`${name}, ${running ? 'running' : 'halted'}`),
  );
  return [{ kind: 'lines', label: 'Virtual machines with disks on it', lines }];
}
