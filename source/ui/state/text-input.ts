/** The most that is typed into a field; more is a paste gone astray. */
const MOST = 1000;

/** What a key does to a text that is typed at its end; undefined for keys that do nothing to it. */
export function typeKey(text: string, key: string): string | undefined {
  if (key === 'backspace' || key === 'delete') return Array.from(text).slice(0, -1).join('');
  if (key === 'ctrl-u') return '';
  if (key === 'ctrl-w') return text.replace(/\S*\s*$/, '');
  if (key === 'space') return typeText(text, ' ');
  return isCharacter(key) ? typeText(text, key) : undefined;
}

/** Whether a key changes a text that is being typed. */
export function editsText(key: string): boolean {
  return typeKey('', key) !== undefined;
}

/** A text with more at its end; of pasted lines only the first. */
export function typeText(text: string, more: string): string {
  const line = more.split(/[\r\n]/)[0] ?? '';
  return (text + line).slice(0, MOST);
}

function isCharacter(key: string): boolean {
  return Array.from(key).length === 1;
}
