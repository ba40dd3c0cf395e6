import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../bin/holdfast.js', import.meta.url));

/** From the start of the program to the first frame of the demo's console, in ms; best of three. */
export async function measureStart(): Promise<number | undefined> {
  const times = [];
  for (let run = 0; run < 3; run += 1) times.push(await firstFrame());
  const known = times.filter((time) => time !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}

/** script(1) gives the program a terminal; undefined where it is not installed. */
function firstFrame(): Promise<number | undefined> {
  return new Promise((resolve) => {
    const started = performance.now();
    const line = `stty cols 80 rows 24; exec '${process.execPath}' '${program}' demo`;
    const child = spawn('script', ['-qfec', line, '/dev/null'], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, TERM: 'xterm-256color' },
    });
    let seen = '';
    let took: number | undefined;
    child.stdout.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
      if (took !== undefined || !seen.includes('Overview')) return;
      took = performance.now() - started;
      child.stdin.write('q');
    });
    child.on('error', () => resolve(undefined));
    child.on('close', () => resolve(took));
  });
}
