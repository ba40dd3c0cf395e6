import { routeOf } from '../state/ui-state.js';
import { rowsOf } from '../state/wizard-work.js';
import type { Gate } from './gate.js';
import { askedInFront, selectedChoice } from './in-form.js';
import type { Situation } from './situation.js';

const open: Gate = { kind: 'open' };
const absent: Gate = { kind: 'absent' };
const closed = (because: string): Gate => ({ kind: 'closed', because });

/** The selected choice is offered; closed ones say why. */
export function canChoose(situation: Situation): Gate {
  const question = askedInFront(situation.scene)?.question;
  if (question?.kind === 'yes-no') return open;
  const choice = selectedChoice(situation);
  if (!choice) return closed('there is nothing to choose');
  return choice.gate.open ? open : closed(`not offered: ${choice.gate.because}`);
}

/** The look failed, and can be tried again. */
export function canLookOn({ scene }: Situation): Gate {
  const kind = scene.ui.work.wizard?.look.kind;
  return kind === 'failed' ? open : absent;
}

export function hasRow({ scene, layout }: Situation): Gate {
  const rows = rowsOf(askedInFront(scene)?.answer);
  return layout.selected && rows[Number(layout.selected.id)] ? open : closed('no row is selected');
}

/** There are answers to be kept: those of the form in front, or of the plan that came of them. */
export function canSaveAnswers({ scene }: Situation): Gate {
  const { wizard, review } = scene.ui.work;
  if (wizard?.look.kind !== 'found') return absent;
  const fromForm = routeOf(scene.ui).kind === 'form';
  return fromForm || review?.plan.origin.id === wizard.wizard.id ? open : absent;
}
