import { defineInspector, type Inspector } from '../../core/inspector.js';
import { notThis, parsed, type Parsed } from '../../core/parsed.js';
import { guestFrom, networkFrom, poolFrom } from './read/definitions.js';
import type { Guest, Network, Pool } from './read/state.js';
import { parseXml } from './read/xml.js';
import { guestSample, networkSample, poolSample } from './samples.js';

/** What `holdfast inspect` can read of libvirt: definitions, as virsh prints them. */
export const inspectors: readonly Inspector[] = [
  defineInspector<Pool>({
    id: 'libvirt.pool-xml',
    reads: 'virsh pool-dumpxml POOL',
    sample: poolSample,
    parse: (text) => definition('pool', poolFrom(parseXml(text), new Map())),
    findings: () => [],
  }),
  defineInspector<Network>({
    id: 'libvirt.network-xml',
    reads: 'virsh net-dumpxml NETWORK',
    sample: networkSample,
    parse: (text) => definition('network', networkFrom(parseXml(text), new Map())),
    findings: () => [],
  }),
  defineInspector<Guest>({
    id: 'libvirt.guest-xml',
    reads: 'virsh dumpxml GUEST',
    sample: guestSample,
    parse: (text) => definition('domain', guestFrom(parseXml(text), { state: '', diskErrors: [] })),
    findings: () => [],
  }),
];

function definition<T>(name: string, made: T | undefined): Parsed<T> {
  return made === undefined ? notThis(1, `a well-formed <${name}> with a name`) : parsed(made);
}
