import { guestsSay } from '../../../core/pane.js';
import { clockTime } from '../../../core/units.js';
import type { Problem } from '../../../engine/watch/world.js';
import { shortTime } from '../../layout/age.js';
import type { Scene } from '../../scene.js';
import { placeOfStack, tabsOf } from '../../scene.js';
import { heading, labelled, quoted } from '../parts/blocks.js';
import { commandLines, plainText, withoutLeadingBlank } from './details.js';
import { blank, still, type DocLine, type Frame } from '../parts/frame.js';
import { commandsOf, problemTone, type Found } from './subject.js';
import { titleLine } from '../parts/title.js';

/** The most events of one problem that are shown. */
const EVENTS = 12;

/** A problem laid open: what is, what it means, what to do, and what proves it. */
export function problemDetails(scene: Scene, found: Extract<Found, { kind: 'problem' }>): Frame {
  const { problem } = found;
  const { finding } = problem;
  const { world, now } = scene;
  const place = placeOfStack(world, problem.stack);
  const body = withoutLeadingBlank([
    ...part(scene, 'What is', finding.says),
    ...part(scene, 'What it means', finding.means),
    ...part(scene, 'What to do', finding.todo),
    blank,
    ...fact(scene, 'hosts', finding.hosts.join(', ')),
    ...fact(scene, 'carries', guestsSay(problem.guests ?? [])),
    ...fact(scene, 'since', `${clockTime(problem.since)}, ${shortTime(now - problem.since)} ago`),
    ...fact(scene, 'code', finding.code),
    ...(finding.heals === true ? fact(scene, 'ends', 'by itself, if nothing else breaks') : []),
    ...acknowledged(scene, problem),
    ...relations(scene, problem),
    ...evidence(scene, problem),
    ...events(scene, problem),
    ...commandLines(scene, commandsOf(found)),
  ]);
  const title = titleLine(scene, {
    above: tabsOf(world).find((tab) => tab.place === place)?.title ?? '',
    name: `${finding.title}  ${finding.subject}`,
    tone: problemTone(problem),
    state: problem.severity,
    age: shortTime(now - problem.since),
  });
  return {
    head: [still(title), blank],
    body,
    foot: [],
    scrolls: true,
    copy: () => plainText(body),
  };
}

function part(scene: Scene, label: string, text: string): readonly DocLine[] {
  return text === '' ? [] : [blank, ...labelled(scene, label, text).map(still)];
}

function fact(scene: Scene, label: string, text: string): readonly DocLine[] {
  return text === '' ? [] : labelled(scene, label, text).map(still);
}

function acknowledged(scene: Scene, { acknowledged: seen }: Problem): readonly DocLine[] {
  if (!seen) return [];
  const left = shortTime(seen.until - scene.now);
  return fact(
    scene,
    'acknowledged',
    `at ${clockTime(seen.at)}; quiet for ${left}, or until it worsens`,
  );
}

/** Its cause, and what it brings about. */
function relations(scene: Scene, problem: Problem): readonly DocLine[] {
  const named = (key: string): string => {
    const other = scene.world.problems.find((one) => one.key === key);
    return other ? `${other.finding.title} ${other.finding.subject}` : key;
  };
  return [
    ...(problem.causedBy === undefined ? [] : fact(scene, 'caused by', named(problem.causedBy))),
    ...problem.causes.flatMap((key, at) =>
      labelled(scene, at === 0 ? 'brings about' : '', named(key)).map(still),
    ),
  ];
}

function evidence(scene: Scene, { finding }: Problem): readonly DocLine[] {
  if (finding.evidence.length === 0) return [];
  return [
    ...heading('EVIDENCE'),
    ...finding.evidence.flatMap(({ host, command, lines }) => [
      still([
        { text: ` ${scene.theme.text(host)}`, as: 'accent' },
        { text: `  ${scene.theme.text(command)}`, as: 'muted' },
      ]),
      ...quoted(scene, lines),
    ]),
  ];
}

function events(scene: Scene, { key }: Problem): readonly DocLine[] {
  const own = scene.world.events.filter(({ problem }) => problem === key).slice(-EVENTS);
  if (own.length === 0) return [];
  return [
    ...heading('WHAT HAPPENED'),
    ...own
      .reverse()
      .map((event) =>
        still([
          { text: ` ${clockTime(event.at)}  `, as: 'muted' },
          { text: `${scene.theme.sign(event.tone)} `, as: event.tone },
          { text: scene.theme.text(event.says) },
        ]),
      ),
  ];
}
