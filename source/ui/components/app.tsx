import { Box } from 'ink';
import type { ReactElement } from 'react';
import type { Desk } from '../desk.js';
import { DeskContext } from '../hooks/desk-context.js';
import { useSize } from '../hooks/use-size.js';
import { LEAST } from '../scene.js';
import { Header } from './header.js';
import { Screen } from './screen.js';
import { TooSmall } from './too-small.js';

/** The whole console. */
export function App({ desk }: { readonly desk: Desk }): ReactElement {
  return (
    <DeskContext.Provider value={desk}>
      <Whole />
    </DeskContext.Provider>
  );
}

function Whole(): ReactElement {
  const { columns, rows } = useSize();
  if (columns < LEAST.columns || rows < LEAST.rows) return <TooSmall />;
  return (
    <Box flexDirection="column" width={columns}>
      <Header />
      <Screen />
    </Box>
  );
}
