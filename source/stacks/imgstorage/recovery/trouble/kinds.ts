import { clean } from '../../../../core/text.js';
import type { Situation } from '../look.js';

/** What is the matter with an image. */
export interface Trouble {
  readonly kind:
    | 'not read'
    | 'in order'
    | 'at work'
    | 'in use elsewhere'
    | 'two containers'
    | 'container gone'
    | 'snapshot broken'
    | 'merge stalled'
    | 'copy forgotten'
    | 'not returned'
    | 'dead lock'
    | 'stale row'
    | 'left over'
    | 'broken chain';
  /** Short: `snapshot Invalid`. */
  readonly verdict: string;
  readonly mendable: boolean;
  readonly happened: string;
  readonly todo: string;
}

/** The image, as it is asked for. */
export function name({ image }: Situation): string {
  return image.subject;
}

/** Its container, as the words of a trouble name it. */
export function where({ far, image }: Situation): string {
  return clean(far?.container.name ?? image.row?.remoteHost ?? 'the container');
}

/** What cannot be mended here, or need not be. */
export function miss(
  kind: Trouble['kind'],
  verdict: string,
  happened: string,
  todo: string,
): Trouble {
  return { kind, verdict, mendable: false, happened, todo };
}

/** What a way out of the guide mends. */
export function mend(
  kind: Trouble['kind'],
  verdict: string,
  happened: string,
  todo = 'Look at the ways, and at what each of them loses, and choose.',
): Trouble {
  return { kind, verdict, mendable: true, happened, todo };
}
