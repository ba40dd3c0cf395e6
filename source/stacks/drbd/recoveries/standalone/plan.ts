import { Steps } from '../../../../core/plan-steps.js';
import type { Json } from '../../../../core/json.js';
import { clean } from '../../../../core/text.js';
import type { Drafted } from '../../../../core/wizard.js';
import type { Side } from '../../split-brain/side.js';
import { sideJson } from '../../steps/side.js';
import { CHECK_CHANGED } from '../../wizards/check-changed.js';
import type { TwoSides } from '../find-pair.js';
import { alike, NEW_SECRET, type Alike } from './alike.js';
import { SECRET_LINES } from '../../read/hidden.js';
import type { Configured } from './look.js';

/** A side with its configuration. */
export interface SetSide {
  readonly side: Side;
  readonly conf: Configured;
}

/** What a plan is made of: whose file both are to have; undefined: the files are alike. */
export interface PlanInput {
  readonly two: TwoSides;
  readonly sides: readonly [SetSide, SetSide];
  readonly model: SetSide | undefined;
}

/** The plan that lets both sides connect again. */
export function planFor({ two, sides, model }: PlanInput): Drafted {
  const { resource } = two;
  const other = sides.find((one) => one !== model);
  const made = model && other ? alike(resource.name, model.conf, other.conf) : undefined;
  const faults = faultsOf(sides, made);
  if (faults.length > 0) {
    return { ok: false, faults: faults.map((says) => ({ key: 'victim', says: clean(says) })) };
  }
  const steps = new Steps('one by one');
  const targets = sides.flatMap(({ side }) =>
    side.target.ok ? [{ side, params: side.target.params }] : [],
  );
  // Sides that talk are left alone: `adjust` might part them over an option that must be alike at once.
  const isConnected = two.ends.every(({ link }) => link.state === 'in touch');
  for (const { side, params } of isConnected ? [] : targets) {
    if (side.connection !== 'StandAlone') steps.add(side.host, 'drbd.disconnect', sideJson(params));
  }
  if (made?.ok) for (const one of sides) editFile(steps, resource.name, one, made, stamp(two.at));
  for (const kind of isConnected ? [] : ['drbd.adjust', 'drbd.wait-connected']) {
    for (const { side, params } of targets) steps.add(side.host, kind, sideJson(params));
  }
  const newSecret = made?.ok === true && made.newSecret;
  return {
    ok: true,
    draft: {
      title: model
        ? `${clean(resource.name)}: both sides as ${model.side.host} has it${isConnected ? '' : ', and connected'}`
        : `${clean(resource.name)}: its files brought into effect, and connected`,
      steps: steps.list,
      basis: sides.flatMap(({ side }) => side.basis),
      confirmations: [],
      ...(newSecret && {
        secrets: [
          { name: NEW_SECRET, says: `shared-secret of ${resource.name}`, from: 'made' as const },
        ],
      }),
      loses: [],
      putBack:
        'Undo puts the files back. The sides stay connected with what they agreed on; with other files they part again at the next `adjust` or reboot.',
      warnings: [
        ...(newSecret
          ? [
              'The secret of one side is not that of the other, or stands elsewhere, and none leaves its host: both get a new one, made at random. The old files stay beside the new ones (0600) until they are removed by hand.',
            ]
          : []),
        isConnected
          ? `Only the files are changed. \`drbdadm adjust ${clean(resource.name)}\` on both, one right after the other, brings them into effect.`
          : 'If DRBD copies what one side lacks when they meet, its own rules decide the direction: the side with the newer data is the source.',
      ],
    },
  };
}

function faultsOf(sides: readonly SetSide[], made: Alike | undefined): readonly string[] {
  const targets = sides.flatMap(({ side }) =>
    side.target.ok ? [] : [`${side.host}: ${side.target.because}.`],
  );
  return made && !made.ok
    ? [...targets, `${made.because}; make the files alike by hand.`]
    : targets;
}

function editFile(
  steps: Steps,
  resource: string,
  { side, conf }: SetSide,
  made: Extract<Alike, { ok: true }>,
  at: string,
): void {
  if (conf.text === made.text) return;
  const base = { path: conf.path, before: conf.text, after: made.text };
  const checker = ['sh', '-c', CHECK_CHANGED, 'sh', '{}', conf.path, resource];
  const keepsSecret = conf.secretsInFile === 0 || (!made.newSecret && hasSecret(made.text));
  if (!keepsSecret) {
    const kept = `${conf.path}.holdfast-${at}`;
    steps.add(side.host, 'drbd.replace-secret', { ...base, resource, kept, checker });
    return;
  }
  const secrets: Json =
    hasSecret(conf.text) || hasSecret(made.text)
      ? { secrets: { keys: [...SECRET_LINES.keys], form: SECRET_LINES.form } }
      : {};
  steps.add(side.host, 'file.edit', { ...base, checker, ...secrets });
}

function hasSecret(text: string): boolean {
  return text.includes('shared-secret');
}

/** `20261120-140211`, in UTC. */
function stamp(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
}
