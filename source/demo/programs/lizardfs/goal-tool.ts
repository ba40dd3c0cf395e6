import { goalOfPath, inTree, treeOf } from '../../fleet/lizardfs-tree.js';
import { failed, printed, type Call, type Ran } from '../program.js';
import { GOALS } from './figures.js';

/** `lizardfs setgoal GOAL PATH…` and `lizardfs getgoal PATH…`. */
export async function lizardfsTool({ args, fleet, machine, files }: Call): Promise<Ran> {
  const [verb = '', ...rest] = args;
  if (verb !== 'setgoal' && verb !== 'getgoal') return failed(1, `unknown command ${verb}\n`);
  const [goal = '', ...paths] = verb === 'setgoal' ? rest : ['', ...rest];
  const tree = treeOf(fleet);
  let stdout = '';
  for (const path of paths) {
    const at = inTree(machine, path);
    if (at === undefined) return failed(1, '', `${stdout}${path}: not LizardFS object\n`);
    if (!(await files?.isFolder(path)) && (await files?.read(path)) === undefined) {
      return failed(1, `${path}: realpath error: No such file or directory\n`, stdout);
    }
    if (verb === 'setgoal') {
      // It takes a goal's name or, as old ones do, its number.
      const known = GOALS.find(({ name }, index) => name === goal || `${index + 1}` === goal);
      if (!known) return failed(1, `${path}: failed: Invalid argument\n`, stdout);
      tree.goals.set(at, known.name);
    }
    stdout += `${path}: ${goalOfPath(tree, at)}\n`;
  }
  return printed(stdout);
}

/** The wrapper of some packages, which calls itself for ever. */
export function callsItself({ signal }: Call): Promise<Ran> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(failed(130, '')), { once: true });
  });
}
