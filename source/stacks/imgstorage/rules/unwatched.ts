import type { Finding } from '../../../core/finding.js';
import { clean, count, listed } from '../../../core/text.js';
import { nodeIds } from '../nodes.js';
import type { Image, RollPicture } from '../view.js';

/** Containers and NAS that are named in maps and are none of our hosts: half of each chain is not seen. */
export function unwatchedFindings({ images, nas }: RollPicture): readonly Finding[] {
  const containers = new Map<string, Image[]>();
  for (const image of images) {
    const container = image.far?.container;
    if (!container || container.host !== undefined) continue;
    containers.set(container.name, [...(containers.get(container.name) ?? []), image]);
  }
  return [
    ...[...containers].map(([name, those]) => unwatched(name, 'container', those)),
    ...nas
      .filter(({ host }) => host === undefined)
      .map(({ name }) =>
        unwatched(
          name,
          'NAS',
          images.filter((image) => image.nas.name === name),
        ),
      ),
  ];
}

function unwatched(name: string, what: string, images: readonly Image[]): Finding {
  const carries = images.length > 0 ? `: ${listed(images.map(({ subject }) => subject))}` : '';
  const hosts = [...new Set(images.flatMap(({ nas }) => nas.host ?? []))];
  return {
    code: 'IMGSTORAGE_NOT_WATCHED',
    severity: 'notice',
    title: `${what} is not watched`,
    subject: clean(name),
    hosts,
    says: `The ${what} ${clean(name)} is not among the hosts; ${count(images.length, 'image')} ${images.length === 1 ? 'belongs' : 'belong'} to it${carries}.`,
    means: 'What it has of them is not known, which is not the same as nothing.',
    todo: `holdfast hosts add ${clean(name)} USER@ADDRESS, if it is there; if it is gone for good, unmap its images by the guide.`,
    evidence: [],
    remedies: [],
    about: images.map(nodeIds.image),
  };
}
