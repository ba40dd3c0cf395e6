import { z } from 'zod';
import { closed, open, type Fault, type Question } from '../../core/form.js';
import { reads, type HostName, type Reader } from '../../core/host.js';
import type { Json } from '../../core/json.js';
import type { Step } from '../../core/plan.js';
import { linesOf, listed } from '../../core/text.js';
import { defineWizard, type Drafted, type WizardSpec } from '../../core/wizard.js';
import type { StorageConfig } from './config.js';
import { storagesProbe } from './probe.js';

/** What a folder may hold (PVE::Storage::DirPlugin). */
const CONTENT = ['images', 'rootdir', 'vztmpl', 'iso', 'backup', 'snippets'] as const;

const HOLDS: Readonly<Record<(typeof CONTENT)[number], string>> = {
  images: 'disks of virtual machines',
  rootdir: 'disks of containers',
  vztmpl: 'templates of containers',
  iso: 'images of media',
  backup: 'backups of guests',
  snippets: 'hook scripts and cloud-init files',
};

const answersSchema = z.strictObject({
  hosts: z.array(z.string().min(1)).min(1, 'choose at least one node'),
  /** As `pve-storage-id` allows it. */
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_.-]*[A-Za-z0-9]$/, 'it must be a name of two letters or more'),
  path: z.string().regex(/^\/[A-Za-z0-9_.@/-]+$/, 'it must be a folder without blanks'),
  content: z.array(z.enum(CONTENT)).min(1, 'choose what it holds'),
});

type StorageAnswers = z.infer<typeof answersSchema>;

interface Node {
  readonly name: HostName;
  /** What it calls itself in the cluster. */
  readonly node: string;
  readonly config: readonly StorageConfig[];
  readonly points: readonly string[];
  /** All nodes of its cluster. */
  readonly cluster: readonly string[];
}

interface Found {
  readonly nodes: readonly Node[];
  /** Hosts that are no nodes or did not answer, and why. */
  readonly others: ReadonlyMap<HostName, string>;
}

/** One fact a line: its name, the nodes of its cluster, and what is mounted. */
const FACTS =
  'echo "node $(uname -n)"; for n in /etc/pve/nodes/*; do echo "member ${n##*/}"; done; cut -d" " -f2 /proc/mounts | sed "s/^/point /"';

/** A mounted folder becomes a storage of all nodes. */
export const storageSpec: WizardSpec<Found, StorageAnswers> = {
  id: 'proxmox.storage',
  title: 'A shared folder as Proxmox storage',
  says: 'Adds a folder that is mounted on every node as a shared storage, and sees that all have it active.',
  answers: answersSchema,
  look,
  questions,
  plan,
};

/** The wizard, as the stack offers it. */
export const storageWizard = defineWizard(storageSpec);

async function look(hosts: readonly Reader[]): Promise<Found> {
  const found = await Promise.all(hosts.map(lookAtNode));
  return {
    nodes: found.filter((one) => typeof one !== 'string'),
    others: new Map(
      found.flatMap((one, at) => (typeof one === 'string' ? [[hosts[at]?.name ?? '', one]] : [])),
    ),
  };
}

async function lookAtNode(host: Reader): Promise<Node | string> {
  const [answer, facts] = await Promise.all([
    storagesProbe.read(host),
    host.run(reads(['sh', '-c', FACTS])),
  ]);
  if (answer.kind === 'absent') return 'it is no node of Proxmox';
  if (answer.kind === 'failed') return answer.failure.what;
  if (facts.kind !== 'exited') return facts.reason;
  const of = (key: string): readonly string[] =>
    linesOf(facts.stdout).flatMap((line) =>
      line.startsWith(`${key} `) ? [line.slice(key.length + 1)] : [],
    );
  const { config } = answer.value;
  return {
    name: host.name,
    node: of('node')[0] ?? '',
    config,
    points: of('point'),
    cluster: of('member'),
  };
}

function questions({ nodes, others }: Found): readonly Question[] {
  const shared = nodes[0]?.points.filter((point) => {
    return point.startsWith('/mnt/') && nodes.every(({ points }) => points.includes(point));
  });
  return [
    {
      key: 'hosts',
      ask: 'On which nodes?',
      explains: 'The folder must be mounted on each of them.',
      kind: 'many',
      columns: [
        { title: 'HOST', min: 10 },
        { title: 'NODE', min: 10, grow: 1 },
      ],
      choices: [
        ...nodes.map(({ name, node }) => ({
          value: name,
          cells: [{ text: name }, { text: node }],
          gate: open,
        })),
        ...[...others].map(([name, why]) => ({
          value: name,
          cells: [{ text: name }, { text: why }],
          gate: closed(why),
        })),
      ],
      default: nodes.map(({ name }) => name),
      least: 1,
    },
    {
      key: 'name',
      ask: 'What is the storage called?',
      explains: 'Guests name their disks by it.',
      kind: 'text',
      default: '',
    },
    {
      key: 'path',
      ask: 'Which folder is it?',
      explains:
        'A mount point. Where it is not mounted the storage counts as offline, and nothing lands on the root disk.',
      kind: 'text',
      default: shared?.[0] ?? '',
    },
    {
      key: 'content',
      ask: 'What does it hold?',
      explains: 'What Proxmox may put there.',
      kind: 'many',
      columns: [
        { title: 'CONTENT', min: 10 },
        { title: 'THAT IS', min: 20, grow: 1 },
      ],
      choices: CONTENT.map((value) => ({
        value,
        cells: [{ text: value }, { text: HOLDS[value] }],
        gate: open,
      })),
      default: ['images'],
      least: 1,
    },
  ];
}

function plan(found: Found, answers: StorageAnswers): Drafted {
  const nodes = found.nodes.filter(({ name }) => answers.hosts.includes(name));
  const faults = faultsOf(found, nodes, answers);
  const [first] = nodes;
  if (faults.length > 0 || !first) return { ok: false, faults };
  const there = first.config.some(({ name }) => name === answers.name);
  const active = {
    argv: [
      'sh',
      '-c',
      'pvesm status --storage "$1" | awk \'NR == 2 { print $3 }\'',
      'sh',
      answers.name,
    ],
    expect: 'active',
  };
  const steps: Step[] = [];
  const add = (host: string, kind: string, params: Json, needs: readonly string[]): void => {
    steps.push({ id: `s${steps.length + 1}`, kind, host, params, needs });
  };
  if (!there) add(first.name, 'command.run', adding(first, nodes, answers, active), []);
  const needs = steps.map(({ id }) => id);
  for (const { name } of nodes) {
    add(
      name,
      'look.confirm',
      { title: 'see that the storage is active', on: answers.name, shows: active },
      needs,
    );
  }
  return {
    ok: true,
    draft: {
      title: `Storage ${answers.name} at ${answers.path} on ${listed(nodes.map(({ name }) => name))}`,
      steps,
      basis: [],
      confirmations: [],
      loses: [],
      putBack: 'The storage is taken out of the configuration; what lies in the folder stays.',
      warnings: there ? [`${answers.name} is configured already: it is only looked at.`] : [],
    },
  };
}

/** The mount that a folder is or lies in; the root file system counts as none. */
function pointOf({ points }: Node, path: string): string | undefined {
  return points
    .filter((point) => point !== '/' && (path === point || path.startsWith(`${point}/`)))
    .toSorted((a, b) => b.length - a.length)[0];
}

function adding(
  first: Node,
  nodes: readonly Node[],
  { name, path, content }: StorageAnswers,
  shows: Json,
): Json {
  const chosen = nodes.map(({ node }) => node);
  const { cluster } = first;
  const point = pointOf(first, path) ?? path;
  const all = cluster.every((node) => chosen.includes(node));
  const argv = [
    'pvesm',
    'add',
    'dir',
    name,
    '--path',
    path,
    '--shared',
    '1',
    '--is_mountpoint',
    point === path ? 'yes' : point,
  ];
  return {
    title: 'add the storage',
    on: `${name} at ${path}`,
    argv: [...argv, '--content', content.join(','), ...(all ? [] : ['--nodes', chosen.join(',')])],
    effect: 'changes',
    shows,
    undo: { says: 'take the storage out of the configuration', argv: ['pvesm', 'remove', name] },
  };
}

function faultsOf(found: Found, nodes: readonly Node[], answers: StorageAnswers): readonly Fault[] {
  const { hosts, name, path } = answers;
  const unknown = hosts
    .filter((host) => !nodes.some((node) => node.name === host))
    .map((host) => ({
      key: 'hosts',
      says: `${host}: ${found.others.get(host) ?? 'it is not among the hosts that were looked at'}`,
    }));
  const bare = nodes
    .filter((node) => pointOf(node, path) === undefined)
    .map((node) => ({ key: 'path', says: `${node.name}: nothing is mounted at ${path}` }));
  const points = [...new Set(nodes.flatMap((node) => pointOf(node, path) ?? []))];
  const same = nodes[0]?.config.find((one) => one.name === name);
  const other = same !== undefined && same.settings.get('path') !== path;
  const twin = nodes[0]?.config.find(
    (one) => one.name !== name && one.settings.get('path') === path,
  );
  return [
    ...unknown,
    ...bare,
    ...(points.length > 1
      ? [{ key: 'path', says: `${path} lies in other mounts on each: ${listed(points)}` }]
      : []),
    ...(other ? [{ key: 'name', says: `there is another storage ${name}` }] : []),
    ...(twin ? [{ key: 'path', says: `${path} is the storage ${twin.name} already` }] : []),
  ];
}
