import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command, Host } from '../../source/core/host.js';
import { localHost } from './local-host.js';

/** How hosts' `sh` may be: Debian's, that of CentOS and XenServer, and busybox with its own tools. */
const ALL: readonly { readonly name: string; readonly argv: readonly string[] }[] = [
  { name: 'dash', argv: ['dash'] },
  { name: 'bash --posix', argv: ['bash', '--posix'] },
  { name: 'busybox sh', argv: ['busybox', 'sh'] },
  { name: 'busybox sh with its own tools', argv: busyboxAlone() },
];

/** A shell that a host may have, as a host: this machine, where `sh` is that shell. */
export interface ShellHost {
  readonly name: string;
  readonly host: Host;
}

/** Those of them that are installed here; the others are said to be missing. */
export const shellHosts: readonly ShellHost[] = ALL.filter(isThere).map(({ name, argv }) => {
  const swap = (words: readonly string[]): readonly string[] =>
    words[0] === 'sh' ? [...argv, ...words.slice(1)] : words;
  const run = (command: Command) => localHost.run({ ...command, argv: swap(command.argv) });
  return { name, host: { name: 'here', run } };
});

function isThere({ name, argv }: (typeof ALL)[number]): boolean {
  const [program = '', ...words] = argv;
  const there = spawnSync(program, [...words, '-c', 'true']).status === 0;
  if (!there) console.error(`SKIPPED under ${name}: it is not installed`);
  return there;
}

/** Its applets stand before the machine's own tools. */
function busyboxAlone(): readonly string[] {
  const applets = mkdtempSync(join(tmpdir(), 'holdfast-applets-'));
  process.once('exit', () => rmSync(applets, { recursive: true, force: true }));
  spawnSync('busybox', ['--install', '-s', applets]);
  return ['env', `PATH=${applets}:${process.env.PATH ?? ''}`, 'busybox', 'sh'];
}
