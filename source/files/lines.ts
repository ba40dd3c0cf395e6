/** A text file as lines, so that what is not edited is written back to the byte. */
export interface Lines {
  readonly lines: readonly string[];
  /** Whether the last line ends with a newline. */
  readonly endsWithNewline: boolean;
}

/** Takes a text apart; `joinLines` gives the same bytes back. */
export function splitLines(text: string): Lines {
  const endsWithNewline = text === '' || text.endsWith('\n');
  if (text === '') return { lines: [], endsWithNewline };
  return { lines: (endsWithNewline ? text.slice(0, -1) : text).split('\n'), endsWithNewline };
}

/** The text of lines. */
export function joinLines({ lines, endsWithNewline }: Lines): string {
  const text = lines.join('\n');
  return endsWithNewline && lines.length > 0 ? `${text}\n` : text;
}
