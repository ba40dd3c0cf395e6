import { quoteAll } from '../../../core/quote.js';
import { defineStep } from '../../../core/step.js';
import { linesOf } from '../../../core/text.js';
import { networkFrom } from '../read/definitions.js';
import { virsh } from '../virsh.js';
import {
  difference,
  networkSchema,
  networkXml,
  type NetworkDefinition,
} from './network-definition.js';
import { explainVirsh, see } from './things.js';

/** Makes a virtual network known to libvirt; nothing is there before it is started. */
export const defineNetwork = defineStep<NetworkDefinition>({
  id: 'libvirt.define-network',
  params: networkSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: ({ name, address, prefix }) => ({
    title: 'define the network',
    on: `${name}, ${address}/${prefix}`,
  }),
  preview: (params) => ({
    kind: 'commands',
    lines: [quoteAll(define(params).argv), ...linesOf(networkXml(params))],
  }),
  check: async (host, params) => {
    const seen = await see(host, 'network', params.name);
    if (seen.kind === 'absent') return { kind: 'notYet' };
    if (seen.kind === 'not known') return { kind: 'cannotTell', because: seen.because };
    const there = networkFrom(seen.xml, new Map());
    const differs = there ? difference(there, params) : 'it cannot be read';
    if (differs === undefined) return { kind: 'done' };
    return { kind: 'refused', because: `there is another network ${params.name}: ${differs}` };
  },
  commands: (params) => [define(params)],
  explain: explainVirsh,
  undo: ({ name }) => ({
    kind: 'commands',
    says: `take the network ${name} out of libvirt`,
    commands: [virsh(['net-undefine', name])],
  }),
});

function define(params: NetworkDefinition) {
  return virsh(['net-define', '/dev/stdin'], networkXml(params));
}
