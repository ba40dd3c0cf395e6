import { reads, type Reader } from '../../core/host.js';
import type { Verdict } from '../../core/step.js';
import { linesOf } from '../../core/text.js';
import type { Dataset } from '../../tools/zfs.js';

/**
 * What keeps snapshots from being destroyed: clones that stand on them, wherever in the pool they are, and
 * holds (`clones` and `userrefs`, zfsprops(7)); undefined: nothing. ZFS would say so itself, but only once
 * the snapshots before it are gone.
 */
export async function bonds(
  host: Reader,
  snapshots: readonly Dataset[],
): Promise<Verdict | undefined> {
  const names = snapshots.map(({ name }) => name);
  if (names.length === 0) return undefined;
  const words = ['get', '-H', '-p', '-o', 'name,property,value', 'clones,userrefs', ...names];
  const outcome = await host.run(reads(['zfs', ...words], 30_000));
  if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
  if (outcome.code !== 0) {
    const said = linesOf(outcome.stderr)[0]?.trim() ?? `zfs ended with exit code ${outcome.code}`;
    return { kind: 'cannotTell', because: said };
  }
  for (const line of linesOf(outcome.stdout)) {
    const [name = '', property, value = ''] = line.split('\t');
    if (property === 'clones' && value !== '' && value !== '-') {
      return { kind: 'refused', because: `${value} stands on ${name}, as a clone of it` };
    }
    if (property === 'userrefs' && /^[1-9]/.test(value)) {
      return { kind: 'refused', because: `${name} is held: \`zfs holds\` shows by whom` };
    }
  }
  return undefined;
}
