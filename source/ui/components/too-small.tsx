import { Box } from 'ink';
import type { ReactElement } from 'react';
import { useSize } from '../hooks/use-size.js';
import { tooSmall } from '../views/header.js';
import { Lines } from './lines.js';

/** Says what is missing, where there is no room for more. */
export function TooSmall(): ReactElement {
  const size = useSize();
  return (
    <Box flexDirection="column" width={size.columns}>
      <Lines lines={tooSmall({ size })} />
    </Box>
  );
}
