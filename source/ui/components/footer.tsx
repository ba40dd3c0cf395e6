import type { ReactElement } from 'react';
import type { Situation } from '../keys/situation.js';
import { paint } from '../theme/line.js';
import { footerLine, statusLine } from '../views/footer.js';
import { Lines } from './lines.js';

/** What was just said or is being typed, and the keys that work here. */
export function Footer({ situation }: { readonly situation: Situation }): ReactElement {
  const { theme, size } = situation.scene;
  const lines = [statusLine(situation), footerLine(situation)];
  return <Lines lines={lines.map((line) => paint(theme, line, { width: size.columns }))} />;
}
