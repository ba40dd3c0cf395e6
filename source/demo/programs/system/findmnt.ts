import type { Machine, Mount } from '../../fleet/state.js';
import { failed, printed, readArguments, type Call, type Ran } from '../program.js';
import { blockTree, flat } from './devices.js';
import { deviceOf, fstabRow } from './mounts.js';

const VALUED = new Set(['-t', '-o', '-F', '-S', '-T', '--target', '-M', '--mountpoint']);

/**
 * Simulates findmnt: JSON with `-J`, pairs with `-P`, `--verify`, the source in fstab with `-se`, and a
 * plain list of columns otherwise.
 */
export function findmnt(call: Call): Ran | Promise<Ran> {
  const { args, fleet, machine } = call;
  const { flags, values, words } = readArguments(args, VALUED);
  if (flags.has('--help')) return printed(' -x, --verify           verify mount table content\n');
  if (flags.has('--verify')) return printed('Success, no errors or warnings detected\n');
  if (flags.has('-se')) return fromFstab(call, words[0] ?? '');
  const types = values.get('-t')?.split(',');
  const within = values.get('-T') ?? values.get('--target');
  const target =
    values.get('-M') ??
    values.get('--mountpoint') ??
    (within === undefined ? undefined : mountOf(machine, within)?.target);
  const [word] = words;
  const rows = machine.mounts
    .filter(({ type }) => types === undefined || types.includes(type))
    .filter((mount) => target === undefined || mount.target === target)
    .filter((mount) => word === undefined || [mount.target, mount.source].includes(word));
  if (rows.length === 0) return failed(1, '');
  const json = flags.has('-J') || flags.has('--json');
  const names = (values.get('-o') ?? 'TARGET,SOURCE,FSTYPE,OPTIONS').split(',');
  const devices = flat(blockTree(fleet, machine));
  const cells = rows.map((mount) =>
    names.map((name): readonly [string, string] => {
      const uuid = devices.find(({ path }) => path === mount.source)?.signature?.uuid ?? '';
      const facts: Readonly<Record<string, string>> = {
        TARGET: mount.target,
        SOURCE: mount.source,
        FSTYPE: mount.type,
        OPTIONS: mount.options,
        UUID: uuid,
        'MAJ:MIN': devices.find(({ path }) => path === mount.source)?.majMin ?? '0:41',
      };
      return [name, facts[name] ?? ''];
    }),
  );
  if (json) {
    const objects = cells.map((row) => {
      const fields = row.map(
        ([key, value]) => `         ${JSON.stringify(key.toLowerCase())}: ${JSON.stringify(value)}`,
      );
      return `{\n${fields.join(',\n')}\n      }`;
    });
    return printed(`{\n   "filesystems": [\n      ${objects.join(',')}\n   ]\n}\n`);
  }
  if (flags.has('-P')) {
    const pairs = cells.map((row) => row.map(([key, value]) => `${key}="${value}"`).join(' '));
    return printed(pairs.map((line) => `${line}\n`).join(''));
  }
  const head = [...flags].some((flag) => /^-[a-z]*n/.test(flag)) ? [] : [names.join(' ')];
  const lines = cells.map((row) => row.map(([, value]) => value).join(' '));
  return printed([...head, ...lines].map((line) => `${line}\n`).join(''));
}

/** The mount that a path lies in. */
function mountOf({ mounts }: Machine, path: string): Mount | undefined {
  const above = mounts.filter(
    ({ target }) => path === target || path.startsWith(target === '/' ? '/' : `${target}/`),
  );
  return above.toSorted((a, b) => b.target.length - a.target.length)[0];
}

async function fromFstab(call: Call, wanted: string): Promise<Ran> {
  const row = await fstabRow(call, wanted);
  const device = row && deviceOf(call, row.source);
  return device ? printed(`${device.path}\n`) : failed(1, '');
}
