import { clusterName, configFile, say, type Context } from '../context.js';
import { checkDiskId } from './disk-id.js';
import { EXIT, usage, type ExitCode } from '../exit.js';
import { didYouMean } from '../near.js';
import { printJson } from '../report/plain.js';
import type { Config } from '../config/schema.js';

/** `holdfast never-touch`: the disks of the cluster that no plan may touch. */
export async function neverTouchList(
  context: Context,
  options: { readonly json?: boolean },
): Promise<ExitCode> {
  const file = await configFile(context);
  const config = await file.load();
  const cluster = existing(config, context);
  const ids = config.clusters[cluster]?.neverTouch ?? [];
  if (options.json === true) {
    context.io.out(printJson({ cluster, neverTouch: ids }));
  } else if (ids.length === 0) {
    say(context, `The cluster ${cluster} protects no disk but those that its hosts run from.\n`);
  } else {
    say(context, ids.map((id) => `${id}\n`).join(''));
  }
  return EXIT.fine;
}

/**
 * What a cluster protects at this moment, for a console that is open while the list is changed.
 * Throws a `Stop` where it cannot be told: what is protected is not guessed.
 */
export async function neverTouchNow(context: Context, cluster: string): Promise<readonly string[]> {
  const config = (await configFile(context)).peek();
  if (Object.hasOwn(config.clusters, cluster)) return config.clusters[cluster]?.neverTouch ?? [];
  throw usage(
    `The cluster ${cluster} is not configured any more, so what it protects is not known.`,
  );
}

/** `holdfast never-touch add`: no wizard offers these disks any more, and no plan touches them. */
export async function neverTouchAdd(context: Context, typed: readonly string[]): Promise<ExitCode> {
  const ids = typed.map((text) => {
    const checked = checkDiskId(text);
    if (checked.ok) return checked.value;
    throw usage(`${checked.why}.`);
  });
  const cluster = await change(context, (known) => [...new Set([...known, ...ids])]);
  say(context, `No plan touches ${ids.join(', ')} in the cluster ${cluster} from now on.\n`);
  return EXIT.fine;
}

/** `holdfast never-touch remove`. */
export async function neverTouchRemove(context: Context, typed: string): Promise<ExitCode> {
  const cluster = await change(context, (known, name) => {
    const left = known.filter((one) => plain(one) !== plain(typed));
    if (left.length < known.length) return left;
    throw usage(
      `The cluster ${name} does not protect ${JSON.stringify(typed)}.`,
      ...didYouMean(typed, known),
    );
  });
  say(context, `${typed} is no longer protected in the cluster ${cluster}.\n`);
  return EXIT.fine;
}

/** As it is kept, whichever way it was written. */
function plain(id: string): string {
  const checked = checkDiskId(id);
  return checked.ok ? checked.value : id;
}

async function change(
  context: Context,
  doIt: (known: readonly string[], cluster: string) => readonly string[],
): Promise<string> {
  const { withNeverTouch } = await import('../config/schema.js');
  const file = await configFile(context);
  let cluster = '';
  await file.update((config) => {
    const name = existing(config, context);
    cluster = name;
    return withNeverTouch(config, name, (known) => doIt(known, name));
  });
  return cluster;
}

function existing(config: Config, { globals }: Context): string {
  const name = clusterName(config, globals.cluster);
  if (Object.hasOwn(config.clusters, name)) return name;
  throw usage('No cluster is configured yet; `holdfast hosts add` makes one.');
}
