import { open, type Question } from '../../../../core/form.js';
import { sameNetwork, type CardAddress } from './host-facts.js';
import type { KnownHost } from './look.js';

/** At which address a node is reached by its peer: those in a network that both are in come first. */
export function addressQuestion(
  key: string,
  host: KnownHost,
  peer: KnownHost | undefined,
): Question {
  const { addresses } = host.facts;
  const best = addresses.toSorted((a, b) => rank(b, peer) - rank(a, peer))[0];
  return {
    key,
    ask: `At which address is ${host.name} reached?`,
    explains: 'A network that carries nothing else keeps writes fast, and splits seldom.',
    kind: 'one',
    choices: addresses.map((one) => {
      const shared = sharedWith(one, peer);
      return {
        value: one.address,
        cells: [
          { text: one.card },
          { text: `${one.address}/${one.prefix}` },
          {
            text:
              peer === undefined
                ? ''
                : shared
                  ? `the network of ${shared.card} of ${peer.name}`
                  : `no network of ${peer.name}`,
          },
        ],
        gate: open,
      };
    }),
    ...(best && { default: best.address }),
  };
}

/** The peer's address in the same network, if it has one of its own there. */
function sharedWith(one: CardAddress, peer: KnownHost | undefined): CardAddress | undefined {
  return peer?.facts.addresses.find(
    (other) => sameNetwork(one, other) && other.address !== one.address,
  );
}

/** A network that both are in, and rather one that does not lead out. */
function rank(one: CardAddress, peer: KnownHost | undefined): number {
  return (sharedWith(one, peer) ? 2 : 0) + (one.isDefault ? 0 : 1);
}
