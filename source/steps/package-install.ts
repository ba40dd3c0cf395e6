import { z } from 'zod';
import { reads, type Command, type Outcome, type Reader } from '../core/host.js';
import { showCommand } from '../core/quote.js';
import { defineStep, type Verdict } from '../core/step.js';
import { listed } from '../core/text.js';

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9+._-]*$/);

const paramsSchema = z.strictObject({
  manager: z.enum(['yum', 'dnf', 'apt-get']),
  packages: z.array(name).min(1),
  /** Repositories of yum that are left out, or used although they are off. */
  without: z.array(name).default([]),
  also: z.array(name).default([]),
  /** Tells this installation's records on the host from any other's. */
  id: z.uuid(),
});

/** The parameters of `package.install`. */
export type PackageInstall = z.infer<typeof paramsSchema>;

/** Where the lists of what was installed before and after are kept until undo needs them. */
const RECORDS = '/var/lib/holdfast';

const LIST = {
  rpm: "rpm -qa --qf '%{NAME}.%{ARCH}\\n'",
  dpkg: "dpkg-query -W -f '${db:Status-Abbrev}${binary:Package}\\n' | sed -n 's/^ii *//p'",
} as const;

/**
 * Keeps a list of all packages before and after, so that undo knows the dependencies that came along.
 * $1 the id, then the packages. On Debian a package starts its daemon, which is not configured yet:
 * policy-rc.d forbids it (invoke-rc.d(8)); a crash may leave ours behind, so it can be told.
 */
function script({ manager, without, also }: PackageInstall): string {
  const apt = manager === 'apt-get';
  const flags = [
    ...without.map((repo) => `--disablerepo=${repo}`),
    ...also.map((repo) => `--enablerepo=${repo}`),
  ].join(' ');
  const install = apt
    ? 'DEBIAN_FRONTEND=noninteractive apt-get -y -q --no-install-recommends -o Dpkg::Options::=--force-confold install "$@"'
    : `${manager} -y ${flags}${flags === '' ? '' : ' '}install "$@"`;
  return [
    'set -e',
    `r=${RECORDS}/packages-$1; shift; mkdir -p -m 700 ${RECORDS}`,
    `[ -e "$r.before" ] || { ${apt ? LIST.dpkg : LIST.rpm} > "$r.new"; mv "$r.new" "$r.before"; }`,
    ...(apt ? [FORBID] : []),
    install,
    ...(apt ? [ALLOW] : []),
    `${apt ? LIST.dpkg : LIST.rpm} > "$r.new"; mv "$r.new" "$r.after"`,
  ].join('\n');
}

const POLICY = '/usr/sbin/policy-rc.d';
const MARK = 'made by holdfast while it installs';
const ALLOW = `if grep -q '${MARK}' ${POLICY} 2>/dev/null; then rm -f ${POLICY}; fi`;
const FORBID = `if [ ! -e ${POLICY} ]; then printf '#!/bin/sh\\n# ${MARK}\\nexit 101\\n' > ${POLICY}; chmod 755 ${POLICY}; fi; trap "${ALLOW}" EXIT HUP INT TERM`;

/** Takes away what came with this installation; rpm and dpkg refuse what others need by now. */
function removal({ manager, id }: PackageInstall): Command<'changes'> {
  const apt = manager === 'apt-get';
  const lines = [
    'set -e',
    `r=${RECORDS}/packages-$1`,
    '[ -e "$r.before" ] || exit 0',
    `[ -e "$r.after" ] || ${apt ? LIST.dpkg : LIST.rpm} > "$r.after"`,
    `${apt ? LIST.dpkg : LIST.rpm} > "$r.now"`,
    // What came with it, and is still there.
    `l=$(awk 'FILENAME == ARGV[1] { was[$0] = 1; next } FILENAME == ARGV[2] { if (!($0 in was)) came[$0] = 1; next } $0 in came' "$r.before" "$r.after" "$r.now")`,
    `[ -z "$l" ] || ${apt ? 'dpkg --remove' : 'rpm -e'} $l`,
    'rm -f "$r.before" "$r.after" "$r.now"',
  ].join('\n');
  return { argv: ['sh', '-c', lines, 'sh', id], effect: 'changes', deadline: 600_000 };
}

/** Installs packages; those that are there already and what they need stay out of undo. */
export const packageInstall = defineStep<PackageInstall>({
  id: 'package.install',
  params: paramsSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: ({ packages, manager }) => ({
    title: `install with ${manager}`,
    on: listed(packages, 6),
  }),
  preview: (params) => ({ kind: 'commands', lines: [showCommand(install(params).argv)] }),
  check,
  commands: (params) => [install(params)],
  explain,
  undo: (params) => ({
    kind: 'commands',
    says: 'take away what came with it, dependencies too, as long as nothing else needs them',
    commands: [removal(params)],
  }),
});

/** The exit code of a package manager proves nothing: yum ends with 0 where one of several is unknown. */
async function check(host: Reader, { manager, packages }: PackageInstall): Promise<Verdict> {
  const query =
    manager === 'apt-get'
      ? `dpkg-query -W -f '\${db:Status-Status}\\n' "$p" 2>/dev/null | grep -qx installed`
      : 'rpm -q "$p" >/dev/null 2>&1';
  const left =
    manager === 'apt-get' ? `if grep -q '${MARK}' ${POLICY} 2>/dev/null; then echo left; fi; ` : '';
  const look = `${left}for p do ${query} || echo "missing $p"; done; echo end`;
  const outcome = await host.run(reads(['sh', '-c', look, 'sh', ...packages], 30_000));
  if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
  const said = outcome.stdout.trim();
  if (!said.endsWith('end')) return { kind: 'cannotTell', because: outcome.stderr.trim() };
  return { kind: said === 'end' ? 'done' : 'notYet' };
}

function install(params: PackageInstall): Command<'changes'> {
  const argv = ['sh', '-c', script(params), 'sh', params.id, ...params.packages];
  return { argv, effect: 'changes', deadline: 1_800_000 };
}

/** What the package managers' own words mean. */
function explain(outcome: Outcome): string | undefined {
  if (outcome.kind !== 'exited') return undefined;
  const said = `${outcome.stdout}\n${outcome.stderr}`;
  const missing =
    /No package (\S+) available/.exec(said)?.[1] ??
    /Unable to locate package (\S+)/.exec(said)?.[1] ??
    /No match for argument: (\S+)/.exec(said)?.[1];
  if (missing !== undefined) return `no repository of this host has the package ${missing}`;
  if (/Could not get lock|Existing lock|is another process using it/.test(said)) {
    return 'another package manager is at work on this host';
  }
  if (/Could not resolve|Cannot retrieve|Failed to fetch|No more mirrors/.test(said)) {
    return 'a repository cannot be reached from this host';
  }
  return /Requires: (.+)/.test(said)
    ? `something that it needs is in no repository of this host: ${/Requires: (.+)/.exec(said)?.[1] ?? ''}`
    : undefined;
}
