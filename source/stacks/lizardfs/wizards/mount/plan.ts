import { createHash } from 'node:crypto';
import type { Fault } from '../../../../core/form.js';
import { listed } from '../../../../core/text.js';
import type { Drafted } from '../../../../core/wizard.js';
import {
  addMounts,
  FSTAB_BACK,
  mountFaults,
  UNITS_BACK,
  type Place,
} from '../../mounting/add-mount.js';
import type { ClientHost } from '../../mounting/look.js';
import { Steps } from '../../../../core/plan-steps.js';
import type { MountAnswers } from './answers.js';
import type { Found } from './look.js';

/** The plan: mounts on every host, then on one of them the folder and its goal, then the test. */
export function plan(found: Found, answers: MountAnswers): Drafted {
  const { mountPoint, master, folder } = answers;
  const hosts = found.hosts.flatMap((host) =>
    host.ok && answers.hosts.includes(host.name) ? [host] : [],
  );
  const place: Place = { target: mountPoint, master, subfolder: '/' };
  const goal = goalName(found, answers.goal);
  const faults = [...hostFaults(found, answers, place), ...goalFaults(found, answers, hosts, goal)];
  const [first, second] = hosts;
  if (faults.length > 0 || !first) return { ok: false, faults };
  const steps = new Steps();
  for (const host of hosts) addMounts(steps, host, [place], answers.keeper);
  const path = folder === '' ? mountPoint : `${mountPoint}/${folder}`;
  if (folder !== '') addFolder(steps, first, path, mountPoint, goal);
  if (answers.test && second) addTest(steps, hosts, path, found.token);
  return {
    ok: true,
    draft: {
      title: `${mountPoint} from ${master} on ${listed(hosts.map(({ name }) => name))}`,
      steps: steps.list,
      basis: [],
      confirmations: [],
      loses: [],
      putBack: answers.keeper === 'unit' ? UNITS_BACK : FSTAB_BACK,
      warnings: warnings(hosts, answers, goal),
    },
  };
}

function addFolder(
  steps: Steps,
  { name, goalTool }: ClientHost,
  path: string,
  within: string,
  goal: string | undefined,
): void {
  steps.add(name, 'file.make-folder', { path, within });
  if (goal === undefined || !goalTool) return;
  steps.add(name, 'lizardfs.set-goal', { tool: goalTool, goal, path });
}

/** Written on the first host, read on all others, taken away again. */
function addTest(steps: Steps, hosts: readonly ClientHost[], folder: string, token: string): void {
  const [first, ...others] = hosts;
  if (!first) return;
  const file = `${folder}/.holdfast-test-${token}`;
  const text = `written on ${first.name}: ${token}`;
  const sum = createHash('sha256').update(`${text}\n`).digest('hex');
  const shows = { argv: ['sh', '-c', 'sha256sum < "$1" | cut -d" " -f1', 'sh', file], expect: sum };
  const out = ['rm', '-f', '--', file];
  steps.add(
    first.name,
    'command.run',
    {
      title: 'write a test file',
      on: file,
      argv: ['sh', '-c', 'printf "%s\\n" "$2" > "$1" && sync', 'sh', file, text],
      effect: 'changes',
      shows,
      undo: { says: 'take the test file away', argv: out },
    },
    steps.ends,
  );
  const written = steps.ends.slice();
  for (const { name } of others) {
    steps.add(name, 'look.confirm', { title: 'read the test file', on: file, shows }, written);
  }
  steps.add(
    first.name,
    'command.run',
    {
      title: 'take the test file away',
      on: file,
      argv: out,
      effect: 'changes',
      shows: { argv: ['sh', '-c', '[ -e "$1" ] || echo gone', 'sh', file], expect: 'gone' },
    },
    steps.ends,
  );
}

/** A goal may be given by its number; the tools print its name. */
function goalName({ goals }: Found, given: string): string | undefined {
  if (given === '') return undefined;
  return (
    goals.find(({ name }) => name === given)?.name ??
    goals.find(({ id }) => `${id}` === given)?.name ??
    given
  );
}

function hostFaults(found: Found, { hosts, keeper }: MountAnswers, place: Place): readonly Fault[] {
  return hosts.flatMap((name) => {
    const host = found.hosts.find((one) => one.name === name);
    if (!host)
      return [{ key: 'hosts', says: `${name} is not among the hosts that were looked at` }];
    if (!host.ok)
      return [{ key: 'hosts', says: `${name} could not be looked at: ${host.because}` }];
    return mountFaults(host, [place], keeper).map((says) => ({
      key: 'hosts',
      says: `${name}: ${says}`,
    }));
  });
}

function goalFaults(
  { goals }: Found,
  answers: MountAnswers,
  [first]: readonly ClientHost[],
  goal: string | undefined,
): readonly Fault[] {
  if (goal === undefined) return [];
  if (answers.folder === '') {
    return [{ key: 'goal', says: 'a goal is given, but no folder that gets it' }];
  }
  if (goals.length > 0 && !goals.some(({ name }) => name === goal)) {
    const names = listed(
      goals.map(({ name }) => name),
      12,
    );
    return [{ key: 'goal', says: `the master has no goal ${goal}; it has ${names}` }];
  }
  if (first && !first.goalTool) {
    const says = `${first.name} has no tool that sets goals and is a program of its own: its scripts may call themselves for ever`;
    return [{ key: 'goal', says }];
  }
  return [];
}

function warnings(
  hosts: readonly ClientHost[],
  { test, master, goal: given, folder }: MountAnswers,
  goal: string | undefined,
): readonly string[] {
  const one =
    goal === '1' ? ['Goal 1 keeps one copy: a disk that is lost is data that is lost.'] : [];
  const local = hosts.filter(({ flavour }) => flavour.addresses.includes(master));
  return [
    ...one,
    ...(folder !== '' && given === '' ? ['The folder has the goal of the folder above it.'] : []),
    ...(test && hosts.length < 2
      ? ['There is one host only: that another reads what it writes is not tried.']
      : []),
    ...local.map(
      ({ name }) => `${name} is the master itself: it cannot mount before its own master runs.`,
    ),
  ];
}
