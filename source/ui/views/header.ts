import { isKnown } from '../../core/probe.js';
import type { Millis } from '../../core/host.js';
import { count } from '../../core/text.js';
import { clockTime } from '../../core/units.js';
import { openProblems, type World } from '../../engine/watch/world.js';
import { shortTime } from '../layout/age.js';
import { atMost } from '../layout/fit.js';
import { LEAST, tabsOf, type Scene } from '../scene.js';
import { ends, lineWidth, type Line, type Span } from '../theme/line.js';

/** After this long without any answer the console says so, in ms. */
const QUIET: Millis = 30_000;

/** Who is watched, in which way, and how it stands as a whole. */
export function headerLine(scene: Scene): Line {
  const { theme, size } = scene;
  const right = [...counts(scene), ...hosts(scene), { text: `   ${clockTime(scene.now)} ` }];
  const flags = flagSpans(scene);
  const room = size.columns - lineWidth(right) - lineWidth(flags) - 13;
  const left: Line = [
    { text: ' holdfast  ', as: 'heading' },
    { text: atMost(theme, scene.world.cluster, Math.max(4, room), 'middle'), as: 'accent' },
    ...flags,
  ];
  return ends(left, right, size.columns);
}

function flagSpans(scene: Scene): Line {
  const { world, simulated } = scene;
  const quiet = quietFor(scene);
  return [
    ...(simulated ? [{ text: '  simulated', as: 'working' } satisfies Span] : []),
    ...(world.readOnly ? [{ text: '  read-only', as: 'notice' } satisfies Span] : []),
    ...(world.paused ? [{ text: '  paused', as: 'warning' } satisfies Span] : []),
    ...(quiet === undefined
      ? []
      : [{ text: `  no answer ${shortTime(quiet)}`, as: 'warning' } satisfies Span]),
  ];
}

/** How long no host has answered anything; undefined while answers come. */
function quietFor({ world, now }: Scene): Millis | undefined {
  const newest = newestAnswer(world.readings);
  const quiet = newest === undefined ? 0 : now - newest;
  return quiet > QUIET || (world.paused && quiet > 1000) ? quiet : undefined;
}

/** The list of readings keeps its identity until something was read. */
const newestOf = new WeakMap<World['readings'], Millis | undefined>();

function newestAnswer(readings: World['readings']): Millis | undefined {
  if (newestOf.has(readings)) return newestOf.get(readings);
  const newest = readings
    .filter(isKnown)
    .reduce<Millis | undefined>((most, { at }) => Math.max(most ?? at, at), undefined);
  newestOf.set(readings, newest);
  return newest;
}

function counts(scene: Scene): Line {
  const { world, theme, size } = scene;
  const open = openProblems(world);
  const alerts = open.filter(({ severity }) => severity === 'alert').length;
  const warnings = open.filter(({ severity }) => severity === 'warning').length;
  const wide = size.columns >= 120;
  const word = (n: number, one: string): string => (wide ? ` ${count(n, one)}` : ` ${n}`);
  const good = goodThings(world);
  return [
    { text: `${theme.sign('alert')}${word(alerts, 'alert')}`, as: alerts > 0 ? 'alert' : 'muted' },
    {
      text: `   ${theme.sign('warning')}${word(warnings, 'warning')}`,
      as: warnings > 0 ? 'warning' : 'muted',
    },
    { text: `   ${theme.sign('good')} ${good}${wide ? ' good' : ''}`, as: 'good' },
  ];
}

/** How many things in all panes are well. */
function goodThings({ stacks, hostsView }: Pick<World, 'stacks' | 'hostsView'>): number {
  return [...stacks, hostsView].reduce(
    (sum, { drawing }) => sum + drawing.rows.filter(({ tone }) => tone === 'good').length,
    0,
  );
}

function hosts({ world }: Scene): Line {
  const all = world.hosts.length;
  const up = world.hosts.filter(({ phase }) => phase === 'up').length;
  if (up === all) return [{ text: `   ${count(all, 'host')}` }];
  return [{ text: `   ${up} of ${count(all, 'host')}`, as: 'unknown' }];
}

/** The panes; where they do not all fit, those around the one in front. */
export function tabsLine(scene: Scene): Line {
  const { world, ui, theme, size } = scene;
  const tabs = tabsOf(world).map(({ place, title }, at): Line => {
    const number = at < 9 ? `${at + 1} ` : '';
    const name = theme.text(title);
    return place === ui.place
      ? [
          { text: ` ${number}`, as: 'accent' },
          { text: `${name} `, as: 'accent' },
        ]
      : [{ text: ` ${number}`, as: 'muted' }, { text: `${name} ` }];
  });
  const active = Math.max(
    0,
    tabsOf(world).findIndex(({ place }) => place === ui.place),
  );
  return windowAround(tabs, active, size.columns, theme.glyphs.ellipsis);
}

function windowAround(tabs: readonly Line[], active: number, width: number, more: string): Line {
  const room = width - 2 * (more.length + 1);
  const total = tabs.reduce((sum, tab) => sum + lineWidth(tab), 0);
  if (total <= width) return tabs.flat();
  let from = active;
  let to = active;
  let used = lineWidth(tabs[active] ?? []);
  for (let grew = true; grew;) {
    grew = false;
    for (const next of [to + 1, from - 1]) {
      const tab = tabs[next];
      if (!tab || used + lineWidth(tab) > room) continue;
      used += lineWidth(tab);
      from = Math.min(from, next);
      to = Math.max(to, next);
      grew = true;
    }
  }
  return [
    ...(from > 0 ? [{ text: ` ${more}`, as: 'muted' } satisfies Span] : []),
    ...tabs.slice(from, to + 1).flat(),
    ...(to < tabs.length - 1 ? [{ text: more, as: 'muted' } satisfies Span] : []),
  ];
}

/** What is shown where nothing else has its place. */
export function tooSmall({ size }: Pick<Scene, 'size'>): readonly string[] {
  return [
    'The window is too small.',
    `It has ${size.columns} x ${size.rows}; holdfast needs ${LEAST.columns} x ${LEAST.rows}.`,
    'q quits.',
  ];
}
