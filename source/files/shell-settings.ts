import { joinLines, splitLines } from './lines.js';

/**
 * Files of settings that a shell reads, such as /etc/default/o2cb: `KEY=value` without blanks around
 * the sign. Comments, order and all other bytes survive.
 *
 * @throws RangeError where the value is not a plain word, which a shell would take apart
 */
export function setShellSetting(text: string, key: string, value: string): string {
  if (!/^[A-Za-z_]\w*$/.test(key) || !/^[A-Za-z0-9_.:/-]*$/.test(value)) {
    throw new RangeError(`a file for a shell cannot hold ${JSON.stringify(`${key}=${value}`)}`);
  }
  const { lines, endsWithNewline } = splitLines(text);
  const line = `${key}=${value}`;
  // The last one that is set holds.
  const at = lines.findLastIndex((raw) => raw.trimStart().startsWith(`${key}=`));
  if (at < 0) return joinLines({ lines: [...lines, line], endsWithNewline: true });
  const said = lines[at]
    ?.trim()
    .slice(key.length + 1)
    .replace(/^(["'])(.*)\1$/, '$2');
  return said === value ? text : joinLines({ lines: lines.with(at, line), endsWithNewline });
}
