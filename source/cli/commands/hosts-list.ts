import { targetOf } from '../../core/fleet.js';
import { columns } from '../columns.js';
import { configuredCluster, say, type Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit.js';
import { printJson } from '../report/plain.js';

/** `holdfast hosts list`. */
export async function hostsList(
  context: Context,
  options: { readonly json?: boolean },
): Promise<ExitCode> {
  const { cluster } = await configuredCluster(context);
  if (options.json === true) {
    const { name, readOnly, hosts } = cluster;
    context.io.out(printJson({ cluster: name, readOnly, hosts }));
    return EXIT.fine;
  }
  const rows = cluster.hosts.map((host) => [
    host.name,
    targetOf(host),
    host.become === 'none' ? '' : host.become,
    host.stacks?.join(', ') ?? '',
  ]);
  const lines = columns([['NAME', 'TARGET', 'BECOME', 'STORAGE'], ...rows]);
  say(context, `Cluster ${cluster.name}${cluster.readOnly ? ', read-only' : ''}\n\n`);
  say(context, lines.map((line) => `${line}\n`).join(''));
  return EXIT.fine;
}
