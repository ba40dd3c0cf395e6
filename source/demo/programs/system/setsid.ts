import { failed, type Call, type Ran } from '../program.js';

/** `setsid PROGRAM…`: it goes on when whoever began it is gone, which here everything does. */
export async function setsid({ args, run }: Call): Promise<Ran> {
  return (await run?.(args)) ?? failed(1, 'setsid: failed to execute\n');
}
