import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { labHost } from './lab.js';

/**
 * Copies packages of Debian to a machine of the lab, which has no way to the Internet. They lie in the
 * folder that HOLDFAST_LAB_PACKAGES names (`apt-get download PACKAGE…`).
 *
 * @param packages their names
 * @param folder where to on the machine; it is made
 * @returns whether all of them were there
 */
export async function putPackages(
  node: string,
  packages: readonly string[],
  folder: string,
): Promise<boolean> {
  const from = process.env.HOLDFAST_LAB_PACKAGES ?? '';
  const files = from === '' ? [] : readdirSync(from).filter((name) => name.endsWith('.deb'));
  const wanted = packages.flatMap((name) => files.filter((file) => file.startsWith(`${name}_`)));
  for (const file of wanted) {
    await labHost(node).run({
      argv: ['sh', '-c', 'mkdir -p "$1" && base64 -d > "$1/$2"', 'sh', folder, file],
      effect: 'changes',
      input: readFileSync(join(from, file)).toString('base64'),
      deadline: 60_000,
    });
  }
  return wanted.length >= packages.length;
}
