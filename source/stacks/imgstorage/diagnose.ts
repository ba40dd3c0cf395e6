import type { Finding } from '../../core/finding.js';
import type { Now } from '../../core/probe.js';
import { chainFindings } from './rules/chains.js';
import { copyFindings } from './rules/copies.js';
import { hostFindings } from './rules/hosts.js';
import { lockFindings, unmapFindings } from './rules/locks.js';
import { unwatchedFindings } from './rules/unwatched.js';
import { picture } from './view.js';

const made = new WeakMap<Now, readonly Finding[]>();

/** All that is wrong with images, their maps and their hosts; made once for a moment. */
export function diagnose(now: Now): readonly Finding[] {
  const known = made.get(now) ?? findings(now);
  made.set(now, known);
  return known;
}

function findings(now: Now): readonly Finding[] {
  const all = picture(now);
  const { images } = all;
  return [
    ...images.flatMap((image) => [
      ...chainFindings(image),
      ...lockFindings(now, image),
      ...unmapFindings(image),
    ]),
    ...copyFindings(now, images),
    ...hostFindings(now),
    ...unwatchedFindings(all),
  ];
}
