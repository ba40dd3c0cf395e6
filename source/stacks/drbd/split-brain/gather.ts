import type { HostName, Millis, Reader } from '../../../core/host.js';
import { lookNow } from '../../../core/look-now.js';
import type { Now } from '../../../core/probe.js';
import {
  configProbe,
  devicesProbe,
  identifiersProbe,
  logProbe,
  namesProbe,
  readIdentifiers,
} from '../probes.js';

const probes = [devicesProbe, namesProbe, identifiersProbe, logProbe, configProbe];

/** Asks all hosts everything that the pane knows, now. Never rejects. */
export function lookAtAll(hosts: ReadonlyMap<HostName, Reader>, clock: () => Millis): Promise<Now> {
  return lookNow(hosts, {
    stack: 'drbd',
    probes,
    clock,
    // The watch asks for a few at a time; whoever mends one resource of many must not miss it.
    ask: (probe, host) =>
      probe === identifiersProbe
        ? readIdentifiers(host, Number.POSITIVE_INFINITY)
        : probe.read(host),
  });
}
