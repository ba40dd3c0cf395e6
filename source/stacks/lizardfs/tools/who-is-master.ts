import { PORTS } from '../flavour/families.js';

/**
 * A look: the addresses, among these, at which a master answers; one a line, sorted. All are asked at a
 * time, since one that hangs costs 5 s.
 */
export function mastersAmong(tool: string, addresses: readonly string[]): readonly string[] {
  const script = [
    't=$1; shift; for a do (',
    `case $("$t" metadataserver-status --porcelain "$a" ${PORTS.client} 2>/dev/null) in master*) echo "$a" ;; esac`,
    ') & done | sort',
  ].join(' ');
  return ['sh', '-c', script, 'sh', tool, ...addresses];
}
