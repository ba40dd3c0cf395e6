import type { ReactElement } from 'react';
import { useSituation } from '../hooks/use-situation.js';
import { sheetLines } from '../views/sheet.js';
import { Body } from './body.js';
import { Footer } from './footer.js';
import { Lines } from './lines.js';

/** What is in front, what is asked at its foot, and the keys. */
export function Screen(): ReactElement {
  const situation = useSituation();
  return (
    <>
      <Body situation={situation} />
      <Lines lines={sheetLines(situation)} />
      <Footer situation={situation} />
    </>
  );
}
