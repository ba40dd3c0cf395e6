import { z } from 'zod';
import { closed, open, type Answers, type Fault, type Question } from '../../../../core/form.js';
import { Steps } from '../../../../core/plan-steps.js';
import { clean, listed } from '../../../../core/text.js';
import { defineWizard, type Drafted, type WizardSpec } from '../../../../core/wizard.js';
import {
  addKey,
  hasKey,
  readPublicKey,
  type PublicKey,
} from '../../../../files/authorized-keys.js';
import { look, type LoginHost, type User } from './look.js';

const answersSchema = z.strictObject({
  hosts: z.array(z.string().min(1)).min(1, 'choose at least one host'),
  user: z.string().min(1, 'choose a user'),
  key: z.string().superRefine((text, context) => {
    const key = readPublicKey(text);
    if ('because' in key) context.addIssue({ code: 'custom', message: key.because });
  }),
});

type KeyAnswers = z.infer<typeof answersSchema>;

/** A public key lets virt-manager of another machine log in. */
export const sshKeysSpec: WizardSpec<readonly LoginHost[], KeyAnswers> = {
  id: 'libvirt.ssh-keys',
  title: 'An SSH key for virt-manager',
  says: 'Lets the owner of a key log in to the hosts, so that virt-manager of another machine can manage their guests.',
  answers: answersSchema,
  look,
  questions,
  plan,
};

/** The wizard, as the stack offers it. */
export const sshKeys = defineWizard(sshKeysSpec);

function questions(found: readonly LoginHost[], answers: Answers): readonly Question[] {
  const chosen = found.flatMap((host) => (host.ok && isChosen(host, answers.hosts) ? [host] : []));
  const names = [...new Set(chosen.flatMap(({ users }) => users.map(({ name }) => name)))];
  return [
    {
      key: 'hosts',
      ask: 'On which hosts?',
      explains: 'virt-manager connects to each of them by itself.',
      kind: 'many',
      least: 1,
      columns: [{ title: 'HOST', min: 10, grow: 1 }],
      choices: found.map((host) => ({
        value: host.name,
        cells: [{ text: host.name }],
        gate: host.ok ? open : closed(host.because),
      })),
      default: found.flatMap(({ ok, name }) => (ok ? [name] : [])),
    },
    {
      key: 'user',
      ask: 'As which user?',
      explains: 'root may manage all guests; another user must be in the group libvirt.',
      kind: 'one',
      choices: names.map((name) => {
        const because = chosen.flatMap((host) => {
          const user = host.users.find((one) => one.name === name);
          const what = user ? user.because : `there is no user ${name}`;
          return what === undefined ? [] : [`${host.name}: ${clean(what)}`];
        })[0];
        const manages = chosen.every(({ users }) =>
          users.some((one) => one.name === name && one.mayManage),
        );
        return {
          value: name,
          cells: [
            { text: clean(name) },
            { text: manages ? 'may manage guests' : 'not in the group libvirt' },
          ],
          gate: because === undefined ? open : closed(because),
        };
      }),
      ...(names.includes('root') && { default: 'root' }),
    },
    {
      key: 'key',
      ask: 'Which public key?',
      explains:
        'One line, as it stands in ~/.ssh/id_ed25519.pub of whoever uses virt-manager. Never the private key.',
      kind: 'text',
      default: '',
    },
  ];
}

function isChosen({ name }: LoginHost, hosts: unknown): boolean {
  return !Array.isArray(hosts) || hosts.includes(name);
}

function plan(found: readonly LoginHost[], answers: KeyAnswers): Drafted {
  const key = readPublicKey(answers.key);
  if ('because' in key) return { ok: false, faults: [{ key: 'key', says: key.because }] };
  const steps = new Steps();
  const faults: Fault[] = [];
  const warnings = new Set<string>();
  for (const name of answers.hosts) {
    const host = found.find((one) => one.name === name);
    const user =
      host?.ok === true ? host.users.find((one) => one.name === answers.user) : undefined;
    if (!host?.ok) {
      const because = host?.because ?? 'it is not among the hosts that were looked at';
      faults.push({ key: 'hosts', says: `${name}: ${because}` });
    } else if (!user || user.because !== undefined) {
      const because = user?.because ?? `there is no user ${answers.user}`;
      faults.push({ key: 'user', says: `${name}: ${clean(because)}` });
    } else {
      addSteps(steps, name, user, key);
      for (const warning of warningsOf(host, user, key)) warnings.add(warning);
    }
  }
  if (faults.length > 0) return { ok: false, faults };
  const who = key.comment === '' ? `a key of type ${key.type}` : `the key ${clean(key.comment)}`;
  return {
    ok: true,
    draft: {
      title: `${who} for ${answers.user} on ${listed(answers.hosts)}`,
      steps: steps.list,
      basis: [],
      confirmations: [],
      loses: [],
      putBack: 'authorized_keys is put back as it was.',
      warnings: [
        `Whoever has the private half of the key can log in as ${answers.user}.`,
        ...warnings,
      ],
    },
  };
}

function addSteps(steps: Steps, host: string, user: User, key: PublicKey): void {
  const { name, group, home, text } = user;
  if (text !== null && hasKey(text, key)) return;
  const folder = `${home === '/' ? '' : home}/.ssh`;
  const owner = { user: name, group };
  if (text === null) {
    steps.add(host, 'file.make-folder', { path: folder, mode: '700' });
    steps.add(host, 'file.own', { path: folder, ...owner, mounted: false });
  }
  steps.add(host, 'file.edit', {
    path: `${folder}/authorized_keys`,
    before: text,
    after: addKey(text ?? '', key),
    mode: '600',
    owner,
  });
}

function warningsOf(
  host: Extract<LoginHost, { readonly ok: true }>,
  { name, text, mayManage }: User,
  key: PublicKey,
): readonly string[] {
  const { elsewhere } = host;
  return [
    ...(text !== null && hasKey(text, key) ? [`${host.name}: ${name} has the key already.`] : []),
    ...(mayManage
      ? []
      : [`${host.name}: ${name} is not in the group libvirt, and may manage no guests yet.`]),
    ...(elsewhere === undefined
      ? []
      : [`${host.name}: sshd looks for keys elsewhere as well or instead (${clean(elsewhere)}).`]),
  ];
}
