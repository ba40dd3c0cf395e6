import { Text } from 'ink';
import { memo, type ReactElement } from 'react';

/** One line of the screen, as the terminal gets it. */
export const LineText = memo(function LineText({ text }: { readonly text: string }): ReactElement {
  // An empty text would take no line at all.
  return <Text wrap="truncate">{text === '' ? ' ' : text}</Text>;
});

/** Lines one under the other; only those whose text changed are drawn again. */
export function Lines({ lines }: { readonly lines: readonly string[] }): ReactElement {
  return (
    <>
      {lines.map((text, row) => (
        <LineText key={row} text={text} />
      ))}
    </>
  );
}
