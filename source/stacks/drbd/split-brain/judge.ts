import { listed } from '../../../core/text.js';
import type { Pair, Resource, View } from '../view.js';
import { judgePair } from './judge-pair.js';
import type { Judged, Miss } from './judged.js';
import { judgeSeveral } from './several/judge.js';

/** Judges one resource from all that was read. Pure. */
export function judge(view: View, subject: string): Judged {
  const found = resourcesCalled(view, subject);
  const [resource] = found;
  const silent = view.now.hosts
    .map(({ name }) => name)
    .filter((name) => {
      return !view.hosts.some(({ host }) => host === name);
    });
  if (!resource) return unknownResource(view, subject, silent);
  if (found.length > 1) {
    return {
      kind: 'near miss',
      verdict: 'several resources of that name',
      happened: `There are several: ${listed(found.map(({ label }) => label))}.`,
      todo: 'Name the one that is meant, with its hosts as written there.',
    };
  }
  return judgeResource(resource, silent);
}

/** The resources that a subject means: `r0`, `r0 (fiori, torchio)`, `r0 fiori`, `r0/1 fiori`. */
export function resourcesCalled({ resources }: View, subject: string): readonly Resource[] {
  const exact = resources.filter(({ label }) => label === subject);
  if (exact.length > 0) return exact;
  return resources.filter(({ name, label }) => {
    return name === subject || subject.startsWith(`${label} `) || subject.startsWith(`${label}/`);
  });
}

function unknownResource(view: View, subject: string, silent: readonly string[]): Judged {
  const names = view.resources.map(({ label }) => label);
  return {
    kind: 'near miss',
    verdict: 'resource unknown',
    happened: `No host that answered has a DRBD resource called ${subject}.${unheard(silent)}`,
    todo:
      names.length > 0
        ? `There are: ${listed(names, 12)}.`
        : 'Look whether the DRBD module is loaded and the resources are up: `drbdadm status`.',
  };
}

function unheard(silent: readonly string[]): string {
  return silent.length > 0 ? ` DRBD on ${listed(silent)} could not be read.` : '';
}

function judgeResource(resource: Resource, silent: readonly string[]): Judged {
  const miss: Miss = (verdict, happened, todo) => {
    return { kind: 'near miss', verdict, happened, todo, resource };
  };
  if (resource.replicas.length > 2 || resource.pairs.length > 1) {
    return judgeSeveral(resource, miss);
  }
  const [pair] = resource.pairs;
  if (!pair) {
    const down = resource.replicas.filter(({ up }) => !up).map(({ host }) => host);
    return miss(
      'not up',
      `${resource.name} is configured on ${listed(down)} and is not up.`,
      `Bring it up: \`drbdadm up ${resource.name}\`, and look at it before making anything Primary.`,
    );
  }
  const [a, b] = pair.ends;
  if (!a || !b) return oneSide(resource, pair, silent, miss);
  return judgePair(resource, pair, [a, b], miss);
}

/** Only one side answered: nothing can be compared, so nothing may be discarded. */
function oneSide(
  resource: Resource,
  { ends }: Pair,
  silent: readonly string[],
  miss: Miss,
): Judged {
  const [end] = ends;
  const peer = end?.link.peer ?? 'the peer';
  const here = `${end?.link.host ?? ''} is ${end?.link.connection ?? ''}`;
  const down = resource.replicas.find(({ up }) => !up);
  if (down) {
    return miss(
      'peer down',
      `${here}; on ${down.host} ${resource.name} is not up.`,
      `Bring it up on ${down.host}: \`drbdadm up ${resource.name}\`. DRBD then compares the data itself; if it finds a split brain, come back here.`,
    );
  }
  const ours = silent.length > 0;
  return miss(
    ours ? 'peer unreachable' : 'peer unknown',
    `${here}; ${peer} did not tell its side.${unheard(silent)}`,
    ours
      ? `Make ${peer} reachable, or look at it on its own console: without its data generation nobody can say who would lose what.`
      : `Add ${peer} to the hosts of this cluster: both sides are needed to judge.`,
  );
}
