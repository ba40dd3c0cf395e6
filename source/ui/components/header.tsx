import { memo, useMemo, type ReactElement } from 'react';
import type { World } from '../../engine/watch/world.js';
import { useDesk } from '../hooks/use-desk.js';
import { useNow } from '../hooks/use-now.js';
import { useSize } from '../hooks/use-size.js';
import { useUi } from '../hooks/use-ui.js';
import { useWorld } from '../hooks/use-world.js';
import { paint } from '../theme/line.js';
import { headerLine, tabsLine } from '../views/header.js';
import { Lines } from './lines.js';

/** What the header shows of the world. */
function headerParts(world: World): readonly unknown[] {
  const { cluster, readOnly, paused, hosts, hostsView, stacks, problems, readings } = world;
  return [cluster, readOnly, paused, hosts, hostsView, stacks, problems, readings];
}

/** Who is watched and how it stands, the panes, and a rule beneath. */
export const Header = memo(function Header(): ReactElement {
  const desk = useDesk();
  const now = useNow();
  const size = useSize();
  const place = useUi((ui) => ui.place);
  const world = useWorld(headerParts);
  const lines = useMemo(() => {
    const scene = desk.scene();
    const { theme } = desk;
    const rule = [{ text: theme.glyphs.rule.repeat(size.columns), as: 'muted' as const }];
    const shown = { ...scene, world, now, size, ui: { ...scene.ui, place } };
    return [headerLine(shown), tabsLine(shown), rule].map((line) =>
      paint(theme, line, { width: size.columns }),
    );
  }, [desk, now, size, place, world]);
  return <Lines lines={lines} />;
});
