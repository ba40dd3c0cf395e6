import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quote } from '../../source/core/quote.js';
import { readRecording } from '../../source/transport/recorded.js';

/** Where a host looks for programs first. */
const FIRST_ON_THE_PATH = '/usr/local/sbin';

/** Lines of shell that give a host programs and config files of its own, empty at first. */
export function stageOf(own: string): readonly string[] {
  const folders = ['/etc/mfs', '/etc/lizardfs', '/etc/saunafs'];
  return [
    `mkdir ${own}/programs`,
    `mount --bind ${own}/programs ${FIRST_ON_THE_PATH}`,
    ...folders.map((folder) => `rm -rf ${folder}`),
  ];
}

/**
 * Puts programs on a host's stage that say what was recorded of another host, and the config files
 * that it had. What was not recorded is answered by the machine's own programs.
 *
 * @param own the host's folder, as it was given to `stageOf`
 */
export async function play(own: string, recorded: string): Promise<void> {
  clear(own);
  const { commands } = await readRecording(recorded);
  const programs = new Map<string, string[]>();
  for (const { argv, exit, stdout, stderr, hangs } of commands) {
    const [program = '', ...words] = argv;
    // The scripts that look around run as they are: on the programs and files that are put here.
    if (program === 'sh') continue;
    const said = [
      ...(stdout === undefined ? [] : [`cat ${quote(join(recorded, stdout))}`]),
      ...(stderr === undefined ? [] : [`cat ${quote(join(recorded, stderr))} >&2`]),
      ...(hangs ? ['sleep 60'] : []),
    ];
    const lines = programs.get(program) ?? [];
    programs.set(program, lines);
    lines.push(`${quote(words.join(' '))}) ${[...said, `exit ${exit}`].join('; ')};;`);
  }
  for (const [program, lines] of programs) {
    const rest = `PATH=/usr/bin:/bin exec ${program} "$@"`;
    const script = ['#!/bin/sh', 'case "$*" in', ...lines, 'esac', rest, ''].join('\n');
    writeFileSync(join(own, 'programs', program), script, { mode: 0o755 });
  }
  writeConfigs(own, recorded);
}

function clear(own: string): void {
  const programs = join(own, 'programs');
  for (const name of readdirSync(programs)) rmSync(join(programs, name));
  for (const name of ['mfs', 'lizardfs', 'saunafs']) {
    rmSync(join(own, 'etc', name), { recursive: true, force: true });
  }
}

/** Makes files of which the look around gives what was recorded. */
function writeConfigs(own: string, recorded: string): void {
  let file = '';
  for (const line of readFileSync(join(recorded, 'config.txt'), 'utf8').split('\n')) {
    const path = /^file (\/etc\/[a-z]+)\/(.+)$/.exec(line);
    if (path) {
      const folder = `${own}${path[1] ?? ''}`;
      mkdirSync(folder, { recursive: true });
      file = join(folder, path[2] ?? '');
      writeFileSync(file, '');
    } else if (file !== '' && line !== '') {
      writeFileSync(file, `${line.replace(/^mount-master=/, 'mfsmaster=')}\n`, { flag: 'a' });
    }
  }
}
