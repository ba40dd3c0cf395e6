import { routeOf, type Route } from '../state/ui-state.js';
import type { Scene } from '../scene.js';
import { stackAt } from '../scene.js';
import { plainLine } from '../theme/line.js';
import { whyNothing } from '../keys/change-gate.js';
import { caseFrame } from './change/case.js';
import { rowDetails } from './watch/details.js';
import { events } from './watch/events.js';
import { still, type Frame } from './parts/frame.js';
import { formFrame } from './form/form.js';
import { wizardList } from './form/wizard-list.js';
import { log } from './watch/log.js';
import { overview } from './watch/overview.js';
import { pane } from './watch/pane.js';
import { problemDetails } from './watch/problem-details.js';
import { reviewFrame } from './change/review.js';
import { runFrame } from './change/run.js';
import { runsFrame } from './change/runs.js';
import { commandList, evidenceList } from './watch/quotes.js';
import { findSubject, type Found } from './watch/subject.js';

/** What is in front, apart from the help, which is made from the keys. */
export function routeFrame(scene: Scene, help: () => Frame): Frame {
  const route = routeOf(scene.ui);
  switch (route.kind) {
    case 'place':
      return placeFrame(scene, route);
    case 'row':
    case 'problem':
      return subjectFrame(scene, findSubject(scene.world, route));
    case 'evidence':
      return evidenceList(scene, findSubject(scene.world, route.of));
    case 'commands':
      return commandList(scene, findSubject(scene.world, route.of));
    case 'help':
      return help();
    case 'case':
      return caseFrame(scene) ?? message('There is nothing to be looked into. Esc goes back.');
    case 'review':
      return reviewFrame(scene) ?? message('There is no plan to be reviewed. Esc goes back.');
    case 'run':
      return runFrame(scene) ?? message('There is no run. Esc goes back.');
    case 'runs':
      return runsFrame(scene);
    case 'wizards':
      return wizardList(scene, whyNothing(scene));
    case 'form':
      return formFrame(scene, route.page) ?? message('This is not asked any more. Esc goes back.');
  }
}

function placeFrame(scene: Scene, { place }: Extract<Route, { kind: 'place' }>): Frame {
  switch (place) {
    case 'overview':
      return overview(scene);
    case 'events':
      return events(scene);
    case 'log':
      return log(scene);
    default: {
      const view = stackAt(scene.world, place);
      return view ? pane(scene, place, view) : message('This is on none of the hosts any more.');
    }
  }
}

function subjectFrame(scene: Scene, found: Found): Frame {
  switch (found.kind) {
    case 'row':
      return rowDetails(scene, found);
    case 'problem':
      return problemDetails(scene, found);
    case 'gone':
      return message('It is gone: the hosts no longer report it. Esc goes back.');
  }
}

function message(text: string): Frame {
  return { head: [], body: [still(plainLine(`   ${text}`, 'muted'))], foot: [], scrolls: true };
}
