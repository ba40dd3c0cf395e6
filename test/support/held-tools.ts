import { quote } from '../../source/core/quote.js';
import type { LabRun } from './lab-console.js';
import { onLab, type LabNode } from './lab.js';

/** In front of the real tools on every PATH that the program sets. */
const FRONT = '/usr/local/sbin';
const FOLDER = '/run/held';

/** Notes every call; one whose arguments contain the word in `FOLDER/<tool>` waits to be let go. */
const WRAPPER = [
  '#!/bin/sh',
  `n=\${0##*/}; f=${FOLDER}`,
  'echo "$n $*" >> $f/calls',
  'if [ -e $f/$n ]; then case "$*" in *"$(cat $f/$n)"*)',
  '  rm $f/$n; echo $$ > $f/pid; until [ -e $f/go ]; do sleep 0.05; done;; esac; fi',
  'for d in /usr/sbin /usr/bin /sbin /bin /usr/local/bin; do [ -x $d/$n ] && exec $d/$n "$@"; done',
];

/**
 * Real tools of a machine, one call of which can be held up just before it does its work: then a
 * test has all the time to let something happen while a command runs.
 */
export class HeldTools {
  constructor(readonly node: LabNode) {}

  async install(tools: readonly string[]): Promise<void> {
    const [first = ''] = tools;
    await onLab(
      this.node,
      [
        `mkdir -p ${FOLDER}`,
        `printf '%s\\n' ${WRAPPER.map(quote).join(' ')} > ${FOLDER}/.wrapper`,
        `chmod 755 ${FOLDER}/.wrapper`,
        ...tools.map((tool) => `/bin/cp -p ${FOLDER}/.wrapper ${FRONT}/${tool}`),
        `test -x ${FRONT}/${first}`,
      ].join('\n'),
    );
  }

  /** Holds up the next call of a tool with this word among its arguments. */
  async arm(tool: string, word: string): Promise<void> {
    await onLab(
      this.node,
      `rm -f ${FOLDER}/pid ${FOLDER}/go; echo ${quote(word)} > ${FOLDER}/${tool}`,
    );
  }

  /** Resolves when the call of a run is held. */
  async held(run: LabRun): Promise<void> {
    const look = `for i in $(seq 100); do [ -s ${FOLDER}/pid ] && echo held && exit; sleep 0.05; done; true`;
    while (!(await run.until(onLab(this.node, look), 'its command is held')).includes('held'));
  }

  /** Lets the call go on, and resolves when it has ended. */
  async release(): Promise<void> {
    await onLab(
      this.node,
      `touch ${FOLDER}/go; p=$(cat ${FOLDER}/pid); rm ${FOLDER}/pid; while [ -d /proc/$p ]; do sleep 0.05; done`,
    );
  }

  /** Ends the held call, so that it never does its work. */
  async prevent(): Promise<void> {
    await onLab(
      this.node,
      `p=$(cat ${FOLDER}/pid); kill -9 $p; while [ -d /proc/$p ]; do sleep 0.05; done`,
    );
  }

  /** How often a tool was called with this word among its arguments, since the last time. */
  async calls(tool: string, word: string): Promise<number> {
    const all = await onLab(this.node, `cat ${FOLDER}/calls`);
    return all.split('\n').filter((line) => line.startsWith(`${tool} `) && line.includes(word))
      .length;
  }

  /** Forgets all calls, and ends one that is still held. */
  async forget(): Promise<void> {
    await onLab(
      this.node,
      `[ -s ${FOLDER}/pid ] && kill -9 $(cat ${FOLDER}/pid) 2>/dev/null; rm -f ${FOLDER}/[a-z]*; : > ${FOLDER}/calls`,
    );
  }
}
