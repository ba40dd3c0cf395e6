import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { z } from 'zod';
import { readBatch } from '../../source/core/batch.js';
import { printFrame } from '../../source/core/frames.js';
import { quoteAll, splitWords } from '../../source/core/quote.js';
import { fixturesFolder } from '../support/recordings.js';

/**
 * A process that answers as any number of hosts behind one SSH port, from recordings: the cost of
 * real tools stays out of the measurement. Started by `fork`; says its port and keys by message.
 */
const RECORDED = ['drbd/calm', 'lizardfs/healthy', 'ceph/healthy', 'multipath/healthy'];

const recording = z.object({
  commands: z.array(
    z.object({
      argv: z.array(z.string()),
      exit: z.number().default(0),
      stdout: z.string().optional(),
      stderr: z.string().optional(),
    }),
  ),
});

interface Recorded {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

const answers = new Map<string, Recorded>();
for (const situation of RECORDED) {
  const folder = join(fixturesFolder, situation);
  const [host = ''] = readdirSync(folder).sort();
  const text = (file?: string) =>
    file === undefined ? '' : readFileSync(join(folder, host, file), 'utf8');
  const list = readFileSync(join(folder, host, 'recording.json'), 'utf8');
  for (const { argv, exit, stdout, stderr } of recording.parse(JSON.parse(list)).commands) {
    answers.set(quoteAll(argv), { exit, stdout: text(stdout), stderr: text(stderr) });
  }
}

const SURVEY: Recorded = {
  exit: 0,
  stdout: 'hostname box\nkernel Linux 6.1\nroot 0\nboot 1\n',
  stderr: '',
};
const MISSING: Recorded = { exit: 127, stdout: '', stderr: 'not found\n' };

function answer(argv: readonly string[]): Recorded {
  const known = answers.get(quoteAll(argv));
  if (known) return known;
  return argv[2]?.startsWith('echo "hostname') === true ? SURVEY : MISSING;
}

const hostKey = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 });
const server = new ssh2.Server({ hostKeys: [hostKey.private] }, (client) => {
  client.on('authentication', (context) => context.accept());
  client.on('error', () => undefined);
  client.on('session', (accept) => {
    accept().on('exec', (acceptExec, _reject, { command }) => {
      const channel = acceptExec();
      const script = splitWords(command).at(-1)?.word ?? '';
      const batch = readBatch(script);
      batch?.commands.forEach((argv, index) => {
        const { exit, stdout, stderr } = answer(argv);
        channel.write(printFrame(batch.mark, index, 'x', String(exit)));
        channel.write(printFrame(batch.mark, index, 'o', stdout));
        channel.write(printFrame(batch.mark, index, 'e', stderr));
      });
      channel.exit(batch ? 0 : 1);
      channel.end();
    });
  });
});

server.listen(0, '127.0.0.1', () => {
  const address: unknown = server.address();
  const { port } = z.object({ port: z.number() }).parse(address);
  process.send?.({ port, hostKey: hostKey.public });
});
process.once('disconnect', () => process.exit());
