import type { Image } from '../view.js';

/** How the guide's own lock begins, in place of a queue's name. */
export const GUIDE = 'holdfast-';

/** The device with which the guide itself merges: the daemons look for the image's own alone. */
export function ownDevice({ zvol }: Image): string {
  return `${zvol}-holdfast`;
}
