import { Text } from 'ink';
import type { PropsWithChildren, ReactElement } from 'react';

/** The title of a column. */
export function TableHead({ children }: PropsWithChildren): ReactElement {
  return <Text bold>{children}</Text>;
}

/** A value. */
export function TableCell({ children }: PropsWithChildren): ReactElement {
  return <Text>{children}</Text>;
}

/** The lines between the values: there to part them, not to be seen. */
export function TableRule({ children }: PropsWithChildren): ReactElement {
  return <Text dimColor>{children}</Text>;
}
