import { answerFaults } from '../core/check-answers.js';
import { namedSecrets, secretsIn, withoutSecrets } from '../core/fill-form.js';
import type { Answers, Fault } from '../core/form.js';
import type { Plan } from '../core/plan.js';
import type { WayOut } from '../core/recovery.js';
import { count } from '../core/text.js';
import type { WizardSession } from '../core/wizard.js';
import type { Changes, Offered } from './changes.js';
import type { Stage } from './changing.js';
import { changeWizard, pageOf, showPage, withoutPages } from './state/form-reducers.js';
import { lineEdit } from './state/line-editor.js';
import { changeList, changeWork, notify, openUp } from './state/reducers.js';
import { reviewOf, type CaseWork } from './state/work.js';
import {
  askedOn,
  faultsOn,
  filledOf,
  HOSTS,
  isAbout,
  keptRow,
  pageAfter,
  type Page,
  type WizardWork,
} from './state/wizard-work.js';

/** The wizard in the middle of which somebody is: its look at the hosts, its form, its plan. */
export class Wizarding {
  #looks = 0;
  #look = new AbortController();

  constructor(
    private readonly desk: Stage,
    private readonly changes: Changes | undefined,
  ) {}

  get #work(): WizardWork | undefined {
    return this.desk.ui.getState().work.wizard;
  }

  /** Begins a wizard: asks which hosts to look at, if there are several. */
  begin(wizard: Offered): void {
    const { desk } = this;
    this.leaveLook();
    const { cluster, hosts } = desk.world;
    const before = this.#work;
    // Coming back to a wizard, one finds one's answers as they were; the hosts are looked at anew.
    const again = before?.wizard.id === wizard.id && before.cluster === cluster;
    const names = hosts.map(({ name }) => name);
    const work: WizardWork = {
      id: this.#looks,
      cluster,
      wizard,
      hosts: again ? before.hosts.filter((name) => names.includes(name)) : names,
      asksHosts: names.length > 1,
      look: { kind: 'asking' },
      given: again ? before.given : {},
      faults: [],
      field: lineEdit(''),
    };
    desk.change((ui) => {
      const listed = withoutPages(openUp(ui, { kind: 'wizards' }));
      return openUp(changeWork(listed, { wizard: work }), {
        kind: 'form',
        page: { question: HOSTS },
      });
    });
    if (!work.asksHosts) this.look();
  }

  /** Asks what a way out of a trouble wants to know before it plans; the look was taken already. */
  answer({ recovery, subject, keepCopy }: CaseWork, way: WayOut, session: WizardSession): void {
    const { desk } = this;
    this.leaveLook();
    this.#looks += 1;
    const answers = { resource: subject, victim: way.value, keepCopy };
    const work: WizardWork = {
      id: this.#looks,
      cluster: desk.world.cluster,
      wizard: recovery,
      wayOut: { kind: 'recovery', id: recovery.id, answers },
      hosts: desk.world.hosts.map(({ name }) => name),
      asksHosts: false,
      look: { kind: 'found', session },
      given: {},
      faults: [],
      field: lineEdit(''),
    };
    const [first] = filledOf(work).questions;
    if (!first) return;
    desk.change((ui) =>
      showPage(changeWork(withoutPages(ui), { wizard: work }), { question: first.key }),
    );
  }

  /** Looks at the hosts that were chosen; the form comes onto the screen when they were. */
  look(): void {
    const { changes, desk } = this;
    const work = this.#work;
    if (!changes || !work) return;
    this.leaveLook();
    const id = (this.#looks += 1);
    const { signal } = this.#look;
    const { cluster, wizard, hosts } = work;
    const since = desk.now();
    this.#change((now) => ({ ...now, id, look: { kind: 'looking', since, says: '' } }));
    const tell = (says: string): void =>
      this.#ifStill(id, (now) => ({ ...now, look: { kind: 'looking', since, says } }));
    void changes.look({ cluster, wizard: wizard.id, hosts }, tell, signal).then((made) => {
      this.#ifStill(id, (now) => ({
        ...now,
        look: made.ok
          ? { kind: 'found', session: made.made }
          : { kind: 'failed', failure: made.failure },
      }));
      if (made.ok && this.#work?.id === id) this.#showFirst();
    });
  }

  /** A look that nobody waits for any more is ended; the hosts are asked for again. */
  leaveLook(): void {
    this.#look.abort();
    this.#look = new AbortController();
    this.#looks += 1;
    this.#change((work) =>
      work.look.kind === 'found' ? work : { ...work, id: this.#looks, look: { kind: 'asking' } },
    );
  }

  /** Goes on from a page whose answer was given; what does not fit stays there and is said. */
  goOn(page: Page): void {
    const work = this.#work;
    if (!work) return;
    if (page.question === HOSTS) {
      this.look();
      return;
    }
    const wrong = distinct([...faultsOn(work, page), ...misshapen(work, page)]);
    if (wrong.length > 0) {
      this.#refuse(work, page, wrong);
      return;
    }
    const next = pageAfter(work, page);
    if (next) this.desk.change((ui) => showPage(ui, next));
    else if (page.cell) this.#keepRow(page);
    else this.#plan(work);
  }

  /** Keeps the answers in a file, without their secrets. */
  save(): void {
    const { changes, desk } = this;
    const work = this.#work;
    if (!changes || !work) return;
    const { questions, answers } = filledOf(work);
    const kept = withoutSecrets(questions, answers);
    const left = secretsIn(questions, answers).length > 0 ? ' without their secrets' : '';
    void changes.saveAnswers(work.wizard.id, kept).then((saved) => {
      const text = saved.ok
        ? `answers kept${left} in ${saved.made}`
        : `not kept: ${saved.failure.what}`;
      desk.change((ui) => notify(ui, { text, tone: saved.ok ? 'good' : 'warning' }));
    });
  }

  #showFirst(): void {
    const work = this.#work;
    const [first] = work ? filledOf(work).questions : [];
    if (first) this.desk.change((ui) => (pageOf(ui) ? showPage(ui, { question: first.key }) : ui));
    else if (work) this.#plan(work);
  }

  #keepRow({ question, cell }: Page): void {
    if (!cell) return;
    this.#change((work) => {
      const kept = keptRow(work, question, cell.row);
      return { ...kept, faults: distinct([...kept.faults, ...misshapen(kept, { question })]) };
    });
    this.desk.change((ui) =>
      changeList(showPage(ui, { question }), { selected: String(cell.row) }),
    );
  }

  /** Makes the plan and shows it for review; what stands against it goes to its questions. */
  #plan(work: WizardWork): void {
    const { changes, desk } = this;
    if (!changes || work.look.kind !== 'found') return;
    const { questions, answers } = filledOf(work);
    const drafted = work.look.session.plan(answers);
    const faults = distinct([
      ...answerFaults(questions, answers),
      ...(drafted.ok ? [] : drafted.faults),
    ]);
    const [first] = questions.filter(({ key }) => faults.some((fault) => isAbout(fault, key)));
    if (!drafted.ok || faults.length > 0) {
      this.#refuse(work, { question: first?.key ?? questions.at(-1)?.key ?? HOSTS }, faults);
      return;
    }
    const kept = withoutSecrets(questions, answers);
    const origin = originOf(work, kept);
    const { cluster } = work;
    const secrets = secretsIn(questions, answers);
    const plan = changes.plan(drafted.draft, { origin, cluster, secrets });
    if (!plan.ok) {
      const { what, means } = plan.failure;
      this.#refuse(work, { question: questions.at(-1)?.key ?? HOSTS }, [
        { key: '', says: `${what}. ${means}` },
      ]);
      return;
    }
    const review = reviewOf(plan.made, namedSecrets(questions, answers));
    desk.change((ui) => openUp(changeWork(ui, { review }), { kind: 'review' }));
  }

  #refuse(work: WizardWork, page: Page, faults: readonly Fault[]): void {
    // A cell that does not fit is said there and then; what is said of the whole plan is kept.
    const kept = page.cell ? [...work.faults, ...faults] : faults;
    const answers = new Set(faults.map(({ key }) => key.split('.')[0])).size;
    const text =
      faults.length === 1
        ? (faults[0]?.says ?? '')
        : `no plan is made of it: ${count(answers, 'answer does', 'answers do')} not fit`;
    this.#change((now) => ({ ...now, faults: distinct(kept) }));
    this.desk.change((ui) => {
      const cell = page.cell !== undefined && askedOn(work, page) !== undefined;
      return notify(cell ? ui : showPage(ui, page), { text, tone: 'warning' });
    });
  }

  #change(next: (work: WizardWork) => WizardWork): void {
    this.desk.change((ui) => changeWizard(ui, next));
  }

  #ifStill(id: number, next: (work: WizardWork) => WizardWork): void {
    this.#change((work) => (work.id === id ? next(work) : work));
  }
}

/** Where the plan comes from; a way out's own answers stand beside what chose it. */
function originOf({ wizard, wayOut }: WizardWork, answers: Answers): Plan['origin'] {
  if (!wayOut) return { kind: 'wizard', id: wizard.id, answers };
  return { ...wayOut, answers: { chosen: wayOut.answers, ...answers } };
}

/** What stands against the answer on a page by its shape; what is not asked for yet is not missed. */
function misshapen(work: WizardWork, { question, cell }: Page): readonly Fault[] {
  if (cell || work.look.kind !== 'found') return [];
  const { answers } = filledOf(work);
  return work.look.session.check(answers).filter((fault) => isAbout(fault, question));
}

/** The schema and the questions may find the same fault. */
function distinct(faults: readonly Fault[]): readonly Fault[] {
  return faults.filter(
    (fault, at) =>
      faults.findIndex(({ key, says }) => key === fault.key && says === fault.says) === at,
  );
}
