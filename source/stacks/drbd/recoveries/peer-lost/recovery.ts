import type { Millis } from '../../../../core/host.js';
import type { Case, Recovery, WayOut } from '../../../../core/recovery.js';
import { clean, listed } from '../../../../core/text.js';
import { clockTime } from '../../../../core/units.js';
import { verdictOf } from '../../verdict.js';
import { standingBlocks } from '../blocks.js';
import { planBack } from '../bring-back.js';
import { gathering } from '../gather.js';
import type { Standing, UpPlace } from '../look.js';
import { judge, type Judged } from './judge.js';
import { planPromotion } from './promote.js';

/** The recovery, with the clock by which it tells times. */
export function peerLostRecovery(clock: () => Millis): Recovery {
  return {
    id: 'drbd.peer-lost',
    title: 'Bring a lost DRBD peer back',
    says: 'Looks where the peer is and what its disk holds, brings it back and waits for the copying; or goes on without it.',
    gather: gathering({ clock, several: 'two of them', judge, caseOf }),
  };
}

function caseOf(standing: Standing, judged: Down | Away): Case {
  return judged.kind === 'down' ? downCase(standing, judged) : awayCase(standing, judged);
}

type Down = Extract<Judged, { readonly kind: 'down' }>;
type Away = Extract<Judged, { readonly kind: 'away' }>;

function downCase(standing: Standing, { living, down, isNew }: Down): Case {
  const { name } = standing.resource;
  const hosts = listed(down.map(({ host }) => host));
  const input = { resource: name, living, down };
  const isBoth =
    living?.side.role === 'Primary' &&
    living.side.allowTwoPrimaries &&
    down.every(({ replica }) => replica.on.configured?.some(allowsTwo(name)) === true);
  const ways: readonly WayOut[] = isNew
    ? [
        {
          value: 'replace',
          says: `Make metadata on the blank disk of ${hosts}, bring it up, and copy everything to it.`,
          loses: [],
          plan: () => planBack({ ...input, promote: false, renew: true }),
        },
      ]
    : [
        {
          value: 'bring-back',
          says: `Bring it up on ${hosts} and wait until both are UpToDate; it stays Secondary.`,
          loses: [],
          plan: () => planBack({ ...input, promote: false, renew: false }),
        },
        ...(isBoth
          ? [
              {
                value: 'bring-back-primary',
                says: `The same, and make ${hosts} Primary beside ${living.host} at the end.`,
                loses: [],
                plan: () => planBack({ ...input, promote: true, renew: false }),
              },
            ]
          : []),
      ];
  const [first] = ways;
  return {
    verdict: isNew ? 'peer with a new disk' : living ? 'peer down' : 'down on both',
    mendable: true,
    happened: clean(
      living
        ? `${hosts} answers, and ${name} is not up there${sinceWords(living)}. ${livingWords(living)}`
        : `${name} is up on neither side: ${hosts}.`,
    ),
    todo: isNew
      ? 'Its disk has no metadata: see that it is the right, blank one.'
      : 'Bring it back; nothing is lost by that.',
    blocks: standingBlocks(standing),
    ways: ways.map((way) => ({ ...way, says: clean(way.says) })),
    ...(first && {
      recommended: {
        value: first.value,
        reasons: ['its host answers', 'nothing is promoted before both sides are UpToDate'],
      },
    }),
  };
}

function allowsTwo(name: string) {
  return (one: { readonly name: string; readonly allowTwoPrimaries: boolean }): boolean =>
    one.name === name && one.allowTwoPrimaries;
}

function sinceWords({ end }: UpPlace): string {
  const { lostAt } = verdictOf({ ends: [end] });
  return lostAt === undefined ? '' : ` since ${clockTime(lostAt)}`;
}

function livingWords({ host, side }: UpPlace): string {
  const disks = [...new Set(side.volumes.map(({ disk }) => disk))].join(', ');
  const users = [...new Set(side.use.users.map(({ what }) => what))];
  const used = users.length > 0 ? `, in use by ${listed(users)}` : '';
  return `${host} is ${side.role} and ${disks}${used}.`;
}

/** Another side that it is in touch with has it in use: nothing has to be promoted. */
function isUsedElsewhere({ end }: UpPlace): boolean {
  const { on, resource } = end.replica;
  const found = on.devices.value.status?.resources.find(({ name }) => name === resource);
  return found?.peers.some(({ role }) => role === 'Primary') === true;
}

const JOIN =
  'Set it up there with the wizard drbd.replicated-volume, second node joins later: it makes the volume, writes the same file and copies everything.';

function awayCase(standing: Standing, { living, away }: Away): Case {
  const { name } = standing.resource;
  const isBare = away.why === 'bare';
  const way: WayOut = {
    value: 'promote',
    says: clean(`Go on without ${away.host}: make ${living.host} Primary.`),
    loses: [],
    plan: () => planPromotion({ resource: name, living, away }),
  };
  const elsewhere = standing.aside.length > 0 && isUsedElsewhere(living);
  const canPromote = !isBare && living.side.role === 'Secondary' && !elsewhere;
  return {
    verdict: isBare ? 'peer without the resource' : 'peer does not answer',
    mendable: canPromote,
    happened: clean(
      isBare
        ? `${away.host} answers and does not have ${name} configured: it was made anew. ${livingWords(living)}`
        : `${away.host} does not answer${sinceWords(living)}. ${livingWords(living)}`,
    ),
    todo: clean(isBare ? JOIN : awayTodo(living, away.host)),
    blocks: standingBlocks(standing),
    ways: canPromote ? [way] : [],
  };
}

function awayTodo({ host, side, path }: UpPlace, peer: string): string {
  const back = `Bring ${peer} back: when it answers again, ask here again.`;
  const lives =
    path.kind === 'answers'
      ? ` ${path.address} answers ${host}, so ${peer} is running: look at why it cannot be reached from here.`
      : '';
  return side.role === 'Primary'
    ? `${host} goes on alone, and nothing has to be done for those who use it.${lives} ${back} If it is gone for good: ${JOIN}`
    : `${back}${lives} Go on without it only where ${peer} is surely off.`;
}
