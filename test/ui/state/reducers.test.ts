import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  changeList,
  goBack,
  goTo,
  moveSheet,
  openUp,
  stepPlace,
  typePalette,
} from '../../../source/ui/state/reducers.js';
import { freshState, listOf, routeOf } from '../../../source/ui/state/ui-state.js';

const problem = { kind: 'problem', key: 'SPLIT/r0' } as const;

test('back takes a filter away before it closes anything', () => {
  const filtered = changeList(openUp(freshState, problem), { filter: 'web' });
  const once = goBack(filtered);
  assert.equal(listOf(once).filter, '');
  assert.deepEqual(routeOf(once), problem);
  assert.deepEqual(routeOf(goBack(once)), { kind: 'place', place: 'overview' });
});

test('back from a pane leads to the overview, and from there nowhere', () => {
  assert.equal(goBack(goTo(freshState, 'events')).place, 'overview');
  assert.equal(goBack(freshState), freshState);
});

test('the same thing is not opened over itself', () => {
  const once = openUp(freshState, problem);
  assert.equal(openUp(once, problem), once);
});

test('what is opened again begins at its top', () => {
  const scrolled = changeList(openUp(freshState, problem), { top: 20 });
  assert.equal(listOf(openUp(goBack(scrolled), problem)).top, 0);
});

test('each pane keeps its own filter', () => {
  const hosts = changeList(goTo(freshState, 'hosts'), { filter: 'kvm' });
  assert.equal(listOf(goTo(hosts, 'events')).filter, '');
  assert.equal(listOf(goTo(goTo(hosts, 'events'), 'hosts')).filter, 'kvm');
});

test('panes follow each other in a circle', () => {
  const places = ['overview', 'hosts', 'events'] as const;
  assert.equal(stepPlace(freshState, places, -1).place, 'events');
  assert.equal(stepPlace(goTo(freshState, 'events'), places, 1).place, 'overview');
});

test('typing in the palette marks the best match again', () => {
  const open = { ...freshState, sheet: { kind: 'palette', text: '', index: 0 } as const };
  const moved = moveSheet(open, 1, 5);
  assert.equal(moved.sheet?.index, 1);
  assert.equal(typePalette(moved, 'ho').sheet?.index, 0);
});
