import type { Millis } from '../../core/host.js';
import type { Problem } from '../../engine/watch/world.js';
import type { Offered } from '../changes.js';
import type { Scene } from '../scene.js';
import type { Menu } from '../state/ui-state.js';

/** One answer of a menu. */
export interface Choice {
  readonly label: string;
  readonly says: string;
  readonly does:
    | { readonly kind: 'acknowledge'; readonly problem: string; readonly forMillis: Millis }
    | { readonly kind: 'incident'; readonly id: string }
    | { readonly kind: 'cluster'; readonly cluster: string }
    | { readonly kind: 'mend'; readonly remedy: Remedy; readonly subject: string };
}

/** What mends a problem: a recovery looks into this one, a wizard sets up what is not as it should be. */
export interface Remedy {
  readonly kind: 'recovery' | 'wizard';
  readonly offered: Offered;
}

const HOUR: Millis = 3_600_000;

/** What is asked, and the answers. */
export function menuOf(
  scene: Scene,
  menu: Menu,
): { readonly title: string; readonly choices: readonly Choice[] } {
  switch (menu.kind) {
    case 'acknowledge':
      return acknowledgeMenu(scene, menu.problem);
    case 'incidents':
      return {
        title: `Make happen: ${scene.simulated?.says ?? ''}`,
        choices: (scene.simulated?.incidents ?? []).map(({ id, title, says }) => ({
          label: title,
          says,
          does: { kind: 'incident', id },
        })),
      };
    case 'mend':
      return mendMenu(scene, menu.problems);
    case 'clusters':
      return {
        title: 'Watch another cluster',
        choices: scene.clusters.map((cluster) => ({
          label: cluster,
          says: cluster === scene.world.cluster ? 'being watched now' : '',
          does: { kind: 'cluster', cluster },
        })),
      };
  }
}

function mendMenu(scene: Scene, keys: readonly string[]): ReturnType<typeof menuOf> {
  const problems = scene.world.problems.filter(({ key }) => keys.includes(key));
  const [first] = problems;
  const name = problems.length === 1 && first ? nameOf(first) : 'one of these problems';
  return {
    title: `Mend ${name}`,
    choices: problems.flatMap((problem) =>
      remediesOf(scene, problem).map((remedy) => ({
        label: problems.length === 1 ? remedy.offered.title : nameOf(problem),
        says: problems.length === 1 ? remedy.offered.says : remedy.offered.title,
        does: { kind: 'mend', remedy, subject: problem.finding.subject },
      })),
    ),
  };
}

function nameOf({ finding }: Problem): string {
  return `${finding.title} ${finding.subject}`;
}

/** The recoveries and wizards that a problem names and that there are. */
export function remediesOf(
  { changes }: Pick<Scene, 'changes'>,
  problem: Problem | undefined,
): readonly Remedy[] {
  const named = problem?.finding.remedies ?? [];
  const among = (kind: Remedy['kind'], offered: readonly Offered[] = []): readonly Remedy[] =>
    offered.filter(({ id }) => named.includes(id)).map((one) => ({ kind, offered: one }));
  return [...among('recovery', changes?.recoveries), ...among('wizard', changes?.wizards)];
}

function acknowledgeMenu(scene: Scene, problem: string): ReturnType<typeof menuOf> {
  const finding = scene.world.problems.find(({ key }) => key === problem)?.finding;
  const name = finding ? `${finding.title} ${finding.subject}` : problem;
  return {
    title: `Acknowledge ${name}`,
    choices: [1, 8, 24].map((hours) => ({
      label: `${hours} h`,
      says: 'quiet for that long, or until it worsens',
      does: { kind: 'acknowledge', problem, forMillis: hours * HOUR },
    })),
  };
}
