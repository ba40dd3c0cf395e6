import { z } from 'zod';
import { reads, type Command, type Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { parseRocksTable } from '../read/rocks-table.js';
import { ROCKS, shortName } from '../roll.js';
import { lookInMap, rollSaid } from './mapping.js';
import { hostName } from './names.js';
import { imageName } from './row.js';

const paramsSchema = z.strictObject({
  vm: hostName,
  nas: hostName,
  zvol: imageName,
  container: hostName,
});

/** The parameters of `imgstorage.start-vm`. */
export type StartVm = z.infer<typeof paramsSchema>;

/** Starts a virtual machine, which maps its image first. The call returns when both are done. */
export const startVm = defineStep<StartVm>({
  id: 'imgstorage.start-vm',
  params: paramsSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: ({ vm, container }) => ({ title: `start it on ${container}`, on: vm }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(call('start', params).argv)] }),
  check: async (host, params): Promise<Verdict> => {
    const look = await lookInMap(host, params);
    if (!look.ok) return { kind: 'cannotTell', because: look.because };
    const at = look.entry?.host;
    if (at == null) return { kind: 'notYet', says: 'its image is not mapped' };
    if (shortName(at) !== shortName(params.container)) {
      return { kind: 'refused', because: `${params.zvol} is mapped to ${at}` };
    }
    const status = await statusOf(host, params.vm);
    if (status === undefined || status === 'active') return { kind: 'done' };
    return { kind: 'notYet', says: `its image is mapped, but it is ${status}` };
  },
  commands: (params) => [call('start', params)],
  explain: rollSaid,
  undo: (params) => ({
    kind: 'commands',
    says: `stop ${params.vm}; its image is unmapped and copied back to the NAS`,
    commands: [call('stop', params)],
    leavesTraces: true,
  }),
});

/** Three daemons answer one after the other, and a new image is made first. */
function call(verb: 'start' | 'stop', { vm }: StartVm): Command<'changes'> {
  return { argv: [ROCKS, verb, 'host', 'vm', vm], effect: 'changes', deadline: 300_000 };
}

/** Rocks asks the container's libvirt; undefined: it does not tell. */
async function statusOf(host: Reader, vm: string): Promise<string | undefined> {
  const outcome = await host.run(reads([ROCKS, 'list', 'host', 'vm', 'status=yes'], 60_000));
  if (outcome.kind !== 'exited' || outcome.code !== 0) return undefined;
  const table = parseRocksTable(outcome.stdout, [], 'STATUS');
  if (!table.ok) return undefined;
  return table.value.find((row) => row.get('VM-HOST') === vm)?.get('STATUS') ?? undefined;
}
