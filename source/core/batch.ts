import { quoteAll, splitWords } from './quote.js';

/** The most output of one command that is kept, in bytes. */
export const OUTPUT_CAP = 8 * 1024 * 1024;
/** The most standard error that is kept, in bytes. */
export const ERROR_CAP = 256 * 1024;

/** Where system tools live; a login shell's own PATH comes after, for what is installed elsewhere. */
export const SBIN_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Many commands as one POSIX shell script, run side by side on the host, each reporting on its own
 * so that one that hangs costs only itself. Nothing is written on the host: outputs are held in
 * shell variables, and the frames are kept from mixing by a token in a pipe (`fd 9`, the mutex).
 *
 * Frames on stdout, each `\n<mark> <index> <o|e|x> <length>\n<bytes>`: `x` carries the exit code as
 * its text, `o` stdout, `e` stderr. What a login script prints before the first frame is noise.
 *
 * @param mark a word that no output contains by chance
 */
export function batchScript(commands: readonly (readonly string[])[], mark: string): string {
  const jobs = commands.map((argv, index) => `j ${index} ${quoteAll(argv)} &`);
  return [
    `LC_ALL=C; export LC_ALL; PATH=${SBIN_PATH}:$PATH; export PATH; exec 5>&1;`,
    // A pipe opened for reading and writing through /proc is a lock that dies with the session.
    'echo | { exec 9<>/proc/self/fd/0 || exit 70;',
    // Whoever holds the token when the session is cut must live to give it back: with the signal's
    // own action a printf into nowhere would end it, and all others would wait for ever.
    `f() { trap : PIPE; read -r t <&9; printf '\\n${mark} %s %s %s\\n%s' "$1" "$2" "\${#3}" "$3" >&5; echo >&9; };`,
    `j() { i=$1; shift; e=$({ o=$({ "$@" </dev/null 2>&3 3>&- 5>&- 9>&-; c=$?; f $i x $c; } | head -c ${OUTPUT_CAP}; echo .); f $i o "\${o%.}"; } 3>&1 | head -c ${ERROR_CAP}; echo .); f $i e "\${e%.}"; };`,
    ...jobs,
    'wait; }',
  ].join(' ');
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
  const from = script.indexOf('}; j 0 ');
  if (mark === undefined || from < 0 || !script.endsWith('& wait; }')) return undefined;
  const commands: string[][] = [];
  let current: string[] = [];
  for (const { word, quoted } of splitWords(script.slice(from + 3, -'wait; }'.length))) {
    if (word === '&' && !quoted) {
      commands.push(current.slice(2));
      current = [];
    } else {
      current.push(word);
    }
  }
  return { mark, commands };
}
