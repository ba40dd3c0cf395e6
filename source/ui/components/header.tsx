import { memo, useMemo, type ReactElement } from 'react';
import { useDesk } from '../hooks/use-desk.js';
import { useNow } from '../hooks/use-now.js';
import { useSize } from '../hooks/use-size.js';
import { useUi } from '../hooks/use-ui.js';
import { useWorld } from '../hooks/use-world.js';
import { paint } from '../theme/line.js';
import { headerLine, tabsLine } from '../views/header.js';
import { Lines } from './lines.js';

/** Who is watched and how it stands, the panes, and a rule beneath. */
export const Header = memo(function Header(): ReactElement {
  const desk = useDesk();
  const now = useNow();
  const size = useSize();
  const place = useUi((ui) => ui.place);
  const world = useWorld((all) => [all]);
  const lines = useMemo(() => {
    const scene = desk.scene();
    const { theme } = desk;
    const rule = [{ text: theme.glyphs.rule.repeat(size.columns), as: 'muted' as const }];
    const shown = {
      ...scene,
      now,
      size,
      ui: { ...scene.ui, place },
      world: world[0] ?? scene.world,
    };
    return [headerLine(shown), tabsLine(shown), rule].map((line) =>
      paint(theme, line, { width: size.columns }),
    );
  }, [desk, now, size, place, world]);
  return <Lines lines={lines} />;
});
