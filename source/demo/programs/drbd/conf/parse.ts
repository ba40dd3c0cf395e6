/** A statement of DRBD's configuration language, with the line that it begins on. */
export interface Statement {
  readonly words: readonly string[];
  readonly line: number;
  /** What stands between its braces; undefined: it ends with a semicolon. */
  readonly body?: readonly Statement[];
}

/** A file that drbdadm does not take, in its words. */
export interface Refused {
  readonly line: number;
  readonly says: string;
}

/** Options of one word, and how many words others may have. */
const LONGEST = 4;

/** Takes a file apart: words, quoted words, braces, semicolons and comments. A last `}` may be missing. */
export function parseConf(text: string): readonly Statement[] | Refused {
  const tokens = tokensOf(text);
  let at = 0;
  const block = (): Statement[] | Refused => {
    const body: Statement[] = [];
    let words: string[] = [];
    let line = 0;
    for (; at < tokens.length; at += 1) {
      const token = tokens[at];
      if (!token) break;
      if (token.word === '}') {
        if (words.length > 0) return expected(';', '}', token.line);
        return body;
      }
      if (token.word === ';') {
        if (words.length > 0) body.push({ words, line });
        words = [];
      } else if (token.word === '{') {
        at += 1;
        const inside = block();
        if (!Array.isArray(inside)) return inside;
        body.push({ words, line, body: inside });
        words = [];
      } else {
        if (words.length === 0) line = token.line;
        words.push(token.text);
        if (words.length > LONGEST) return expected(';', token.text, token.line);
      }
    }
    return body;
  };
  return block();
}

function expected(what: string, got: string, line: number): Refused {
  return { line, says: `Parse error: '${what}' expected,\n\tbut got '${got}'` };
}

interface Token {
  /** A brace or a semicolon by itself; of all else the text. */
  readonly word: string;
  readonly text: string;
  readonly line: number;
}

const TOKEN = /#[^\n]*|\n|"([^"\n]*)"|[{};]|[^\s{};"#]+/g;

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (const [word, quoted] of text.matchAll(TOKEN)) {
    if (word === '\n') line += 1;
    else if (!word.startsWith('#')) tokens.push({ word, text: quoted ?? word, line });
  }
  return tokens;
}
