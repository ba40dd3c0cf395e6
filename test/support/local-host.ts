import { spawn } from 'node:child_process';
import type { Host, Outcome } from '../../source/core/host.js';

/** This very machine as a host, for steps that are tried on real files in a temporary folder. */
export const localHost: Host = {
  name: 'here',
  run: ({ argv, input }) =>
    new Promise<Outcome>((resolve) => {
      const [program = '', ...args] = argv;
      const child = spawn(program, args, { stdio: 'pipe', env: { ...process.env, LC_ALL: 'C' } });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      child.on('error', ({ message }) => resolve({ kind: 'unreachable', reason: message }));
      child.on('close', (code) => resolve({ kind: 'exited', code: code ?? 255, stdout, stderr }));
      // A program that ends without reading its input is no failure of the host.
      child.stdin.on('error', () => undefined);
      child.stdin.end(input ?? '');
    }),
};
