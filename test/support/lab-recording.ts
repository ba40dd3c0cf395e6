import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exchange } from '../../source/core/host.js';
import { imgstorage } from '../../source/stacks/imgstorage/index.js';
import { databaseCommand } from '../../source/stacks/imgstorage/probes/database.js';
import {
  infoCommand,
  numbersCommand,
  statusCommand,
  tableCommand,
} from '../../source/stacks/imgstorage/probes/devices.js';
import { localCommand } from '../../source/stacks/imgstorage/probes/local.js';
import { targetsCommand } from '../../source/stacks/imgstorage/probes/targets.js';
import {
  datasetsCommand,
  permissionsCommand,
  poolsCommand,
} from '../../source/stacks/imgstorage/probes/volumes.js';
import { sessionDetailsCommand } from '../../source/tools/iscsi-session.js';
import { LAB_NODES, onLab } from './lab.js';
import { readNow } from './lab-now.js';
import { fixturesFolder } from './recordings.js';

/** How the outputs are called, as in the recordings that were made. */
const NAMES = new Map(
  Object.entries({
    ...{ database: databaseCommand(), local: localCommand(), targets: targetsCommand() },
    ...{ pools: poolsCommand(), datasets: datasetsCommand(), permissions: permissionsCommand() },
    ...{ 'dm-table': tableCommand(), 'dm-status': statusCommand(), 'dm-info': infoCommand() },
    ...{ numbers: numbersCommand(), sessions: sessionDetailsCommand() },
  }).map(([name, { argv }]) => [JSON.stringify(argv), name]),
);

/**
 * With HOLDFAST_RECORD=1 keeps what the machines say to all probes of img-storage at this moment as a
 * recording; otherwise nothing.
 *
 * @param situation the folder in fixtures/imgstorage
 * @param says what goes on, for the recording's `about`
 */
export async function keepRecording(situation: string, says: string): Promise<void> {
  if (process.env.HOLDFAST_RECORD !== '1') return;
  const now = await readNow(imgstorage, LAB_NODES);
  const zfs = (await onLab('torchio', 'zfs version | head -n 1')).trim();
  for (const host of LAB_NODES) {
    const folder = join(fixturesFolder, 'imgstorage', situation, host);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const asked = now.readings.filter((one) => one.host === host).flatMap((one) => one.asked);
    const once = new Map(asked.map((one) => [JSON.stringify(one.command.argv), one]));
    const commands = [...once.values()].flatMap((one) => recorded(folder, one));
    const about = `Captured: Debian 12, ${zfs}, tgt and open-iscsi; the roll's database and its services are stand-ins. ${says}.`;
    writeFileSync(
      join(folder, 'recording.json'),
      `${JSON.stringify({ about, commands }, undefined, 2)}\n`,
    );
  }
}

function recorded(folder: string, { command, outcome }: Exchange) {
  if (outcome.kind !== 'exited') return [];
  const { argv } = command;
  const name = NAMES.get(JSON.stringify(argv)) ?? argv[0]?.split('/').at(-1) ?? 'output';
  const keep = (ending: string, text: string): string | undefined => {
    if (text === '') return undefined;
    writeFileSync(join(folder, `${name}${ending}.txt`), text);
    return `${name}${ending}.txt`;
  };
  const [stdout, stderr] = [keep('', outcome.stdout), keep('.err', outcome.stderr)];
  return [
    {
      argv,
      ...(outcome.code !== 0 && { exit: outcome.code }),
      ...(stdout !== undefined && { stdout }),
      ...(stderr !== undefined && { stderr }),
    },
  ];
}
