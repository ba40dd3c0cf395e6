import { z } from 'zod';
import { closed, open } from '../../../../core/form.js';
import { reads, type HostName, type Reader } from '../../../../core/host.js';
import { linesOf, listed } from '../../../../core/text.js';
import { defineWizard, type Drafted, type WizardSpec } from '../../../../core/wizard.js';
import { FAMILIES, PORTS } from '../../flavour/families.js';
import { lookAtFlavour } from '../../flavour/look.js';
import { ADMIN_TOOLS } from '../../tools/admin.js';
import { Steps } from '../../../../core/plan-steps.js';

/** A host and its .bashrc, or why it gets no aliases. */
type FoundHost =
  | {
      readonly ok: true;
      readonly name: HostName;
      readonly tool: string;
      readonly master: string;
      /** Null: there is no such file. */
      readonly text: string | null;
    }
  | { readonly ok: false; readonly name: HostName; readonly because: string };

const PATH = '/root/.bashrc';

/** The procedure's names, and what each asks. */
const ALIASES = [
  ['lfschunks', 'list-chunkservers'],
  ['lfshealth', 'chunks-health'],
  ['lfsmounts', 'list-mounts'],
  ['lfsdisks', 'list-disks'],
] as const;

const answersSchema = z.strictObject({ hosts: z.array(z.string()).min(1, 'choose a host') });

async function look(hosts: readonly Reader[]): Promise<readonly FoundHost[]> {
  return Promise.all(hosts.map(lookAtHost));
}

async function lookAtHost(host: Reader): Promise<FoundHost> {
  const { name } = host;
  const command = reads(['sh', '-c', `if [ -e ${PATH} ]; then cat ${PATH}; else exit 66; fi`]);
  const [seen, file] = await Promise.all([lookAtFlavour(host), host.run(command)]);
  if (!seen.ok) return { ok: false, name, because: seen.because };
  const tool = ADMIN_TOOLS.find((one) => seen.flavour.programs.has(one));
  if (tool === undefined) return { ok: false, name, because: 'it has no administration tool' };
  const read = file.kind === 'exited' && (file.code === 0 || file.code === 66);
  if (!read || file.capped === true) return { ok: false, name, because: `${PATH} cannot be read` };
  const { prefix } = seen.flavour.family ?? FAMILIES.mfs;
  const text = file.code === 0 ? file.stdout : null;
  return { ok: true, name, tool, master: `${prefix}master`, text };
}

/** The lines of aliases that are not there; one of the same name is the administrator's own and stays. */
function missing({ tool, master, text }: Extract<FoundHost, { ok: true }>): readonly string[] {
  const there = linesOf(text ?? '').flatMap((line) => /^\s*alias\s+(\w+)=/.exec(line)?.[1] ?? []);
  return ALIASES.filter(([name]) => !there.includes(name)).map(
    ([name, asks]) => `alias ${name}='${tool} ${asks} ${master} ${PORTS.client}'`,
  );
}

function plan(found: readonly FoundHost[], answers: z.infer<typeof answersSchema>): Drafted {
  const steps = new Steps();
  const faults = answers.hosts.flatMap((name) => {
    const host = found.find((one) => one.name === name);
    if (!host?.ok) {
      const because = host?.because ?? 'it is not among those that were looked at';
      return [{ key: 'hosts', says: `${name}: ${because}` }];
    }
    const lines = missing(host);
    const start = host.text === null || host.text === '' || host.text.endsWith('\n') ? '' : '\n';
    const after = `${host.text ?? ''}${start}${lines.map((line) => `${line}\n`).join('')}`;
    if (lines.length > 0) {
      steps.add(name, 'file.edit', {
        path: PATH,
        before: host.text,
        after,
        checker: ['bash', '-n', '{}'],
      });
    }
    return [];
  });
  if (faults.length > 0) return { ok: false, faults };
  return {
    ok: true,
    draft: {
      title: `aliases for administrators on ${listed(answers.hosts)}`,
      steps: steps.list,
      basis: [],
      confirmations: [],
      loses: [],
      putBack: `${PATH} is put back as it was.`,
      warnings: [],
    },
  };
}

/** Short commands for root: once, and none over an alias that is there. */
export const aliasesSpec: WizardSpec<readonly FoundHost[], z.infer<typeof answersSchema>> = {
  id: 'lizardfs.aliases',
  title: 'Aliases for LizardFS',
  says: 'Gives root short commands that ask the master: lfschunks, lfshealth, lfsmounts, lfsdisks.',
  answers: answersSchema,
  look,
  questions: (found) => [
    {
      key: 'hosts',
      ask: 'On which hosts?',
      explains: `They go into ${PATH}. An alias of the same name stays as it is.`,
      kind: 'many',
      columns: [
        { title: 'HOST', min: 8 },
        { title: 'TOOL', min: 14, grow: 1 },
      ],
      choices: found.map((host) => ({
        value: host.name,
        cells: [{ text: host.name }, { text: host.ok ? host.tool : '' }],
        gate: gateOf(host),
      })),
      default: found.flatMap((host) => (gateOf(host).open ? [host.name] : [])),
      least: 1,
    },
  ],
  plan,
};

function gateOf(host: FoundHost) {
  if (!host.ok) return closed(host.because);
  return missing(host).length > 0 ? open : closed('it has all of them already');
}

/** The wizard, as the stack offers it. */
export const aliases = defineWizard(aliasesSpec);
