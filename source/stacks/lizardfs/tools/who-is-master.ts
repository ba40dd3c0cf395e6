import { PORTS } from '../flavour/families.js';
import { MFSCLI } from './admin.js';

/** A master's line of `mfscli -SIM`: `-` is a single one, LEADER the one of several (PRO). */
const MOOSE_MASTER = '^metadata servers( [(]masters[)])?:[|][^|]*[|][^|]*[|](-|LEADER)[|]';

/**
 * A look: the addresses, among these, at which a master answers; one a line, sorted. All are asked at a
 * time, since one that hangs costs 5 s.
 */
export function mastersAmong(tool: string, addresses: readonly string[]): readonly string[] {
  const asks =
    tool === MFSCLI
      ? `"$t" -n -s "|" -H "$a" -P ${PORTS.client} -SIM 2>/dev/null | grep -qE "${MOOSE_MASTER}" && echo "$a"`
      : `case $("$t" metadataserver-status --porcelain "$a" ${PORTS.client} 2>/dev/null) in master*) echo "$a" ;; esac`;
  const script = ['t=$1; shift; for a do (', asks, ') & done | sort'].join(' ');
  return ['sh', '-c', script, 'sh', tool, ...addresses];
}
