import { shortName } from '../roll.js';
import { strangersAt } from '../chain.js';
import type { Situation } from './look.js';

/** Somebody who is logged in at an image's target and does not belong there. */
export interface Stranger {
  readonly name: string;
  /** Where its connections come from. */
  readonly at: readonly string[];
}

/** Who is logged in and cannot be logged out by a step: what one of our own hosts has is ended there. */
export function strangers({ image }: Situation): readonly Stranger[] {
  const named = new Set(strangersAt(image));
  const ours = new Set(
    image.leftovers.flatMap(({ session, container }) =>
      session && container.host !== undefined ? [container.name, shortName(container.host)] : [],
    ),
  );
  return (image.target?.initiators ?? []).flatMap(({ name, alias, addresses }) => {
    const label = alias === null ? (addresses[0] ?? name) : shortName(alias);
    return named.has(label) && !ours.has(label) ? [{ name: label, at: addresses }] : [];
  });
}

/** Whoever has the device open and is no guest that a step can shut down. */
export function guests({ far, openBy, guest }: Situation): readonly string[] {
  const device = far?.device;
  if (!device || guest !== undefined || (device.open ?? 0) === 0) return [];
  return [
    `/dev/mapper/${device.name} is open on ${far.container.name}: ${openBy ?? 'by whom cannot be seen'}. Stop it there first.`,
  ];
}
