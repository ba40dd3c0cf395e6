import { hookMark } from '../../boot-hook.js';

/** The driver's text with the hook, or why it cannot be put there. */
export type Edited =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly because: string };

/**
 * Puts the call of a start script at the beginning of `attach` of the class FileSR. All that the
 * function does stays behind it; other repositories pass it by; and where the script fails the
 * repository is not attached, which is better than an empty folder. The text is good for Python 2.6
 * as well as for Python 3, since the driver is of the one on old hosts and of the other on new ones.
 */
export function hookDriver(text: string, sr: string, script: string): Edited {
  const lines = text.split('\n');
  const bare = unhookDriver(text, sr).split('\n');
  const place = attachOf(bare);
  if (typeof place === 'string') return { ok: false, because: place };
  const { line, indent } = place;
  const block = [
    `# ${hookMark(sr)}: begin`,
    `if sr_uuid == ${quoted(sr)}:`,
    '    try:',
    '        import subprocess',
    `        subprocess.check_call([${quoted(script)}])`,
    '    except Exception:',
    `        util.SMlog(${quoted(`${script} failed: the repository is not attached`)})`,
    '        raise',
    `# ${hookMark(sr)}: end`,
  ].map((one) => `${indent}${one}`);
  const eol = lines[0]?.endsWith('\r') === true ? '\r' : '';
  const hooked = [...bare.slice(0, line), ...block.map((one) => one + eol), ...bare.slice(line)];
  return { ok: true, text: hooked.join('\n') };
}

/** The driver's text without the hook of a repository. */
export function unhookDriver(text: string, sr: string): string {
  const lines = text.split('\n');
  const begin = lines.findIndex((line) => line.includes(`# ${hookMark(sr)}: begin`));
  const end = lines.findIndex((line) => line.includes(`# ${hookMark(sr)}: end`));
  if (begin < 0 || end < begin) return text;
  return [...lines.slice(0, begin), ...lines.slice(end + 1)].join('\n');
}

/** The line behind `def attach(self, sr_uuid…):` of the class, and how its body is indented. */
function attachOf(
  lines: readonly string[],
): { readonly line: number; readonly indent: string } | string {
  const start = lines.findIndex((line) => /^class FileSR\b/.test(line));
  if (start < 0) return 'it has no class FileSR';
  const next = lines.findIndex((line, index) => index > start && /^class\b/.test(line));
  const end = next < 0 ? lines.length : next;
  const found = lines.flatMap((line, index) => {
    const [, indent] = /^(\s+)def attach\(self, sr_uuid[^)]*\):\s*$/.exec(line) ?? [];
    return index > start && index < end && indent !== undefined ? [{ index, indent }] : [];
  });
  const [only] = found;
  if (!only || found.length > 1) {
    return `its class FileSR has ${found.length === 0 ? 'no' : 'more than one'} attach(self, sr_uuid) on one line`;
  }
  if (
    !lines.some((line) =>
      /^(?:import util|from sm(?:\.core)? import .*\butil\b|from sm import util)/.test(line),
    )
  ) {
    return 'it does not import util, by which it logs';
  }
  const body = lines.slice(only.index + 1, end).find((line) => line.trim() !== '');
  const indent = /^\s*/.exec(body ?? '')?.[0] ?? '';
  if (indent.length <= only.indent.length) return 'its attach has no body';
  return { line: only.index + 1, indent };
}

/** A text in Python's own quotes; ours hold neither quotes nor backslashes. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
