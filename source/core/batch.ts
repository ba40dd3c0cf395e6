import { quoteAll, splitWords } from './quote.js';

/** The most output of one command that is kept, in bytes. */
export const OUTPUT_CAP = 8 * 1024 * 1024;
/** The most standard error that is kept, in bytes. */
export const ERROR_CAP = 256 * 1024;

/**
 * How many commands of a batch run at a time. On a slow host twenty that run side by side take so long,
 * each of them, that all miss their deadlines (docs/decisions/0003-one-exec-a-round.md).
 */
export const AT_A_TIME = 6;

/** Where system tools live; a login shell's own PATH comes after, for what is installed elsewhere. */
export const SBIN_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Many commands as one POSIX shell script, run side by side on the host, a few at a time in their order,
 * each reporting on its own so that one that hangs costs only itself. Nothing is written on the host:
 * outputs are held in shell variables, and the frames are kept from mixing by a token in a pipe (`fd 9`,
 * the mutex). Each line on standard input lets one more in beside those that run.
 *
 * Frames on stdout, each `\n<mark> <index> <o|e|x|b> <length>\n<bytes>`: `x` carries the exit code as
 * its text, `o` stdout, `e` stderr; `b` says that the script runs, where not all commands begin at once.
 * What a login script prints before the first frame is noise.
 *
 * @param mark a word that no output contains by chance
 */
export function batchScript(commands: readonly (readonly string[])[], mark: string): string {
  return [
    `LC_ALL=C; export LC_ALL; PATH=${SBIN_PATH}:$PATH; export PATH; exec 5>&1 7<&0;`,
    // A pipe opened for reading and writing through /proc is a lock that dies with the session.
    'echo | { exec 9<>/proc/self/fd/0 || exit 70;',
    // Whoever holds the token when the session is cut must live to give it back: with the signal's
    // own action a printf into nowhere would end it, and all others would wait for ever.
    `f() { trap : PIPE; read -r t <&9; printf '\\n${mark} %s %s %s\\n%s' "$1" "$2" "\${#3}" "$3" >&5; echo >&9; };`,
    `j() { i=$1; shift; e=$({ o=$({ "$@" </dev/null 2>&3 3>&- 5>&- 7<&- 8>&- 9>&-; c=$?; f $i x $c; } | head -c ${OUTPUT_CAP}; echo .); f $i o "\${o%.}"; } 3>&1 | head -c ${ERROR_CAP}; echo .); f $i e "\${e%.}"; };`,
    ...(commands.length > AT_A_TIME ? aFewAtATime(commands) : atOnce(commands)),
  ].join(' ');
}

function atOnce(commands: readonly (readonly string[])[]): readonly string[] {
  return [...commands.map((argv, index) => `j ${index} ${quoteAll(argv)} &`), 'wait; }'];
}

/** Another pipe holds a line for each that may run (`fd 8`): whoever begins takes one, and puts it back. */
function aFewAtATime(commands: readonly (readonly string[])[]): readonly string[] {
  return [
    `f 0 b ''; printf '${'\\n'.repeat(AT_A_TIME)}' | { exec 8<>/proc/self/fd/0 || exit 70;`,
    'while read -r t <&7; do echo >&8; done & r=$!;',
    'n() { read -r t <&8; { j "$@"; echo >&8; } & };',
    ...commands.map((argv, index) => `n ${index} ${quoteAll(argv)} ;`),
    'kill -PIPE $r; wait; }; }',
  ];
}

/** A batch taken apart again. */
export interface Batch {
  readonly mark: string;
  readonly commands: readonly (readonly string[])[];
}

/**
 * The batch that a script stands for, or undefined if it is none of ours. For machines that answer
 * without a real shell: the simulated fleet.
 */
export function readBatch(script: string): Batch | undefined {
  const mark = /printf '\\n(\w+) %s %s %s\\n%s'/.exec(script)?.[1];
  const [start, way = ''] = /\}; ([jn]) 0 /.exec(script) ?? [];
  const end = way === 'n' ? ' kill -PIPE $r; wait; }; }' : ' wait; }';
  if (mark === undefined || start === undefined || !script.endsWith(end)) return undefined;
  const lines = script.slice(script.indexOf(start) + '}; '.length, -end.length);
  const commands: string[][] = [];
  let current: string[] = [];
  for (const { word, quoted } of splitWords(lines)) {
    if (word === (way === 'n' ? ';' : '&') && !quoted) {
      commands.push(current.slice(2));
      current = [];
    } else {
      current.push(word);
    }
  }
  return { mark, commands };
}
