import { placeholder } from '../../../../core/secret.js';
import { listed } from '../../../../core/text.js';
import {
  parseRes,
  printRes,
  replaceSection,
  resSections,
  setResStatement,
} from '../../../../files/drbd-res.js';
import type { ResFile, ResSection } from '../../../../files/drbd-res.js';
import { secretPlaces } from '../../../../tools/secret-lines.js';
import { defaultOf, differences, inForce } from '../../read/settings.js';
import { SECRET_LINES } from '../../read/hidden.js';
import type { Configured } from './look.js';

/** The name of the secret that a plan makes where those of two sides differ. */
export const NEW_SECRET = 'drbd-shared-secret';

/** The text that both files are to have, or why it cannot be made. */
export type Alike =
  | { readonly ok: true; readonly text: string; readonly newSecret: boolean }
  | { readonly ok: false; readonly because: string };

/**
 * One side's file as both are to have it. What the other's `common` section sets and this side's does
 * not is said in the file itself, so that the same bytes mean the same on both. A secret that is not the
 * same on both is made anew: neither may leave its host.
 */
export function alike(resource: string, model: Configured, other: Configured): Alike {
  const file = parseRes(model.text);
  const no = (because: string): Alike => ({ ok: false, because });
  if (file.faults.length > 0) return no(`${model.path}: ${file.faults[0] ?? ''}`);
  const missing = namesIn(parseRes(other.text)).filter((name) => !namesIn(file).includes(name));
  if (missing.length > 0) return no(`${other.path} there also defines ${listed(missing)}`);
  const moved = movedDisk(model, other);
  if (moved !== undefined) return no(moved);
  const secretsDiffer = model.mark !== other.mark;
  if ((secretsDiffer && model.secretsInFile > 1) || other.secretsInFile > 1) {
    return no('the file holds secrets of several resources: which of them differ cannot be told');
  }
  const set = fromCommon(model, other);
  const unsaid = set.find(({ value }) => value === undefined);
  if (unsaid)
    return no(`${unsaid.key} comes from \`common\` on one side, and its default is not known`);
  const said = set.flatMap(({ key, value }) => (value === undefined ? [] : [{ key, value }]));
  // One that the other has from its `common` section cannot be carried into its file either.
  const cannotStay = model.secretsInFile > 0 && other.secretsInFile === 0;
  const newSecret = (secretsDiffer || cannotStay) && model.mark !== null;
  const text = withOptions(file, resource, said);
  if (text === undefined) return no(`${model.path} has no section \`resource ${resource}\``);
  return { ok: true, newSecret, text: newSecret ? withNewSecret(text, resource) : text };
}

function namesIn({ pieces }: ResFile): readonly string[] {
  return resSections(pieces, 'resource').map(({ head }) => head[1] ?? '');
}

/** Which disk a volume lies on is no setting: a file that says another is another resource. */
function movedDisk(model: Configured, other: Configured): string | undefined {
  const found = differences(model.settings.own, other.settings.own).find(({ key }) =>
    /^on .*\/(?:device|disk|meta-disk|flexible-meta-disk)$/.test(key),
  );
  if (!found) return undefined;
  const [x = 'nothing', y = 'nothing'] = found.values;
  return `the files name different disks: ${found.key} is ${x} and ${y}`;
}

interface Said {
  readonly key: string;
  /** Undefined: the model has its default, and none is known. */
  readonly value: string | undefined;
}

/** What would differ still if both had the model's file, with the model's values. */
function fromCommon(model: Configured, other: Configured): readonly Said[] {
  const mine = inForce(model.settings);
  const theirs = inForce({ own: model.settings.own, common: other.settings.common });
  return differences(mine, theirs)
    .filter(({ key }) => key.startsWith('net/') && key !== 'net/shared-secret')
    .map(({ key, values: [value] }) => ({ key, value: value ?? defaultOf(key) }));
}

function withOptions(
  file: ResFile,
  resource: string,
  options: readonly { readonly key: string; readonly value: string }[],
): string | undefined {
  const [section] = resSections(file.pieces, 'resource', resource);
  if (!section) return undefined;
  if (options.length === 0) return printRes(file);
  const [net] = resSections(section.body, 'net');
  let changed: ResSection = net ?? {
    kind: 'section',
    head: ['net'],
    open: 'net {',
    body: [],
    close: '}',
  };
  for (const { key, value } of options) {
    changed = setResStatement(changed, key.slice('net/'.length), value);
  }
  const after: ResSection = net
    ? { ...section, body: replaceSection(section.body, net, changed) }
    : { ...section, body: [{ kind: 'space', raw: '\n  ' }, changed, ...section.body] };
  return printRes({ pieces: replaceSection(file.pieces, section, after) });
}

function withNewSecret(text: string, resource: string): string {
  const value = `"${placeholder(NEW_SECRET)}"`;
  const [place] = secretPlaces(text, SECRET_LINES);
  if (place) return text.replace(place.hidden, () => value);
  const set = [{ key: 'net/shared-secret', value: placeholder(NEW_SECRET) }];
  return withOptions(parseRes(text), resource, set) ?? text;
}
