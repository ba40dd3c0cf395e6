import { join } from 'node:path';
import { surveyCommand } from '../../source/core/survey.js';
import { enterLab, LAB_NODES, labHost, leaveLab } from '../support/lab.js';
import { fixturesFolder } from '../support/recordings.js';
import { stories, type Scene } from './stories.js';
import { Tape } from './tape.js';

/**
 * Records situations anew from the machines of the lab: `node build/test/record/index.js ocfs2` records
 * all whose story has this word in its name, into fixtures/<stack>/<situation>/<host>.
 */
async function record(scene: Scene): Promise<void> {
  const { stack, situation, about, nodes = LAB_NODES, patience } = scene;
  const tapes = new Map(nodes.map((node) => [node, new Tape()]));
  const hostsAs = (by: string) =>
    [...tapes].map(([node, tape]) =>
      tape.of(
        labHost(node, () => undefined, patience),
        by,
      ),
    );
  await scene.make();
  for (const host of hostsAs('survey')) await host.run(surveyCommand([]));
  for (const [by, read] of Object.entries(scene.reads)) await read(hostsAs(by));
  for (const [node, tape] of tapes) tape.write(join(fixturesFolder, stack, situation, node), about);
  console.log(`${stack}/${situation}`);
}

const words = process.argv.slice(2);
for (const { name, from, scenes, after } of stories) {
  if (!words.some((word) => name.includes(word))) continue;
  const why = await enterLab(from, name);
  if (why !== false) process.exit(1);
  for (const scene of scenes) await record(scene);
  await after?.();
}
await leaveLab();
