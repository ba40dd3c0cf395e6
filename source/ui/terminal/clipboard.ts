/** The most that terminals take into the clipboard in one sequence, in bytes; xterm and tmux take more. */
const MOST = 74_994;

/** What asks the terminal to put a text into its clipboard (OSC 52); undefined if it is too long. */
export function clipboardSequence(text: string): string | undefined {
  const bytes = Buffer.from(text);
  if (bytes.length > MOST) return undefined;
  return `\u001B]52;c;${bytes.toString('base64')}\u0007`;
}
