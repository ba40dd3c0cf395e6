import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host } from '../../source/core/host.js';
import { localHost } from './local-host.js';

/**
 * `zfs` as far as steps use it, over a file a host: `NAME|TYPE|GUID` a line; of a volume then what it
 * receives, of a snapshot its clones and how often it is held. What it refuses it refuses in ZFS's own words.
 */
const ZFS = String.raw`#!/bin/sh
root=$(dirname "$(dirname "$0")"); db=$root/\${FAKE_HOST:-here}; verb=$1; shift
echo "$verb $*" >>"$root/calls"
for n do :; done
row() { grep -F "$1|" "$db" | grep "^$1|" | head -n 1; }
missing() { [ -n "$(row "$n")" ] || { echo "cannot open '$n': dataset does not exist" >&2; exit 1; }; }
case $verb in
list) missing
  case "$*" in *name,type*) full=1;; *) full=;; esac
  awk -F'|' -v n="$n" -v full="$full" '$1 == n || index($1, n "/") == 1 || index($1, n "@") == 1 { if (full) printf "%s\t%s\t0\t0\t0\t0\t0\t-\t0\t%s\t0\t%s\n", $1, $2, $3, ($2 == "volume" && $4) ? $4 : 0; else print $1 }' "$db";;
get) case "$*" in
  *name,property,value*clones,userrefs*) shift 6
    for s do r=$(row "$s"); c=$(echo "$r" | cut -d'|' -f4); u=$(echo "$r" | cut -d'|' -f5); printf '%s\tclones\t%s\n%s\tuserrefs\t%s\n' "$s" "\${c:--}" "$s" "\${u:-0}"; done;;
  *clones,userrefs*) missing; c=$(row "$n" | cut -d'|' -f4); u=$(row "$n" | cut -d'|' -f5); printf '%s\n%s\n' "\${c:--}" "\${u:-0}";;
  *) missing; row "$n" | cut -d'|' -f3;; esac;;
snapshot) missing_of=$n; n=\${n%@*}; missing; echo "$missing_of|snapshot|$(( $(wc -l <"$db") + 900 ))" >>"$db";;
destroy) missing
  if awk -F'|' -v n="$n" 'index($1, n "/") == 1 || index($1, n "@") == 1 { f = 1 } END { exit !f }' "$db"; then
    echo "cannot destroy '$n': volume has children" >&2; exit 1; fi
  [ ! -e "$root/die" ] || { rm "$root/die"; kill -9 $PPID; exit 9; }
  grep -v "^$n|" "$db" >"$db.new"; mv "$db.new" "$db";;
rename) a=$1 b=$2; sed "s#^$a\([@|]\)#$b\1#" "$db" >"$db.new"; mv "$db.new" "$db";;
send) case "$*" in *-nvP*) printf 'size\t4096\n'; exit;; esac
  while [ -e "$root/hold" ]; do sleep 0.05; done
  [ ! -e "$root/fail" ] || { echo "cannot send: I/O error" >&2; exit 1; }
  echo "\${n#*@} $(row "$n" | cut -d'|' -f3)";;
receive) read -r s g || { echo "cannot receive: failed to read from stream" >&2; exit 1; }
  [ -n "$(row "$n")" ] || echo "$n|volume|$$" >>"$db"
  echo "$n@$s|snapshot|$g" >>"$db";;
esac
`;

/** Runs the line there, with the same fake tools: the path of a login is not ours. */
const SSH = String.raw`#!/bin/sh
while :; do case $1 in -n) shift;; -o) shift 2;; *) break;; esac; done
h=$1; shift
FAKE_HOST=$h exec sh -c "$(echo "$*" | sed 's/^env PATH=[^ ]* //')"
`;

const SU = String.raw`#!/bin/sh
shift 2; exec sh -c "$1"
`;

/** Two hosts with volumes of ZFS, simulated by scripts, so that those of the steps run in a real shell. */
export class FakeZfs {
  readonly root = mkdtempSync(join(tmpdir(), 'hf-fake-zfs-'));
  readonly here: Host;
  readonly there: Host;

  constructor() {
    const bin = join(this.root, 'bin');
    mkdirSync(bin);
    for (const [name, text] of [
      ['zfs', ZFS],
      ['ssh', SSH],
      ['su', SU],
    ] as const) {
      writeFileSync(join(bin, name), text.replaceAll('\\$', '$'), { mode: 0o755 });
    }
    this.here = this.#host('here');
    this.there = this.#host('there');
    this.set('here', []);
    this.set('there', []);
  }

  /** Lines `NAME|TYPE|GUID`, or more. */
  set(host: 'here' | 'there', lines: readonly string[]): void {
    writeFileSync(join(this.root, host), lines.map((line) => `${line}\n`).join(''));
  }

  names(host: 'here' | 'there'): readonly string[] {
    const text = readFileSync(join(this.root, host), 'utf8');
    return text.split('\n').flatMap((line) => (line === '' ? [] : (line.split('|')[0] ?? [])));
  }

  /** What was asked of zfs that changes anything, in its order. */
  get changes(): readonly string[] {
    const all = readFileSync(join(this.root, 'calls'), 'utf8').split('\n');
    return all.filter((line) => /^(?:destroy|rename|snapshot|receive) /.test(line));
  }

  /** Makes sending wait, or fail, or whoever destroys die. */
  mark(what: 'hold' | 'fail' | 'die', on = true): void {
    if (on) writeFileSync(join(this.root, what), '');
    else rmSync(join(this.root, what), { force: true });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  #host(name: string): Host {
    const words = ['env', `PATH=${join(this.root, 'bin')}:${process.env.PATH ?? ''}`];
    return {
      name,
      run: (command, signal) =>
        localHost.run(
          { ...command, argv: [...words, `FAKE_HOST=${name}`, ...command.argv] },
          signal,
        ),
    };
  }
}
