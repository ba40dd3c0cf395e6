import { configFile, type Context } from './context.js';
import { EXIT, type ExitCode } from './exit.js';

/** `holdfast config path`: where the hosts are kept, whether the file is there yet or not. */
export async function configPath(context: Context): Promise<ExitCode> {
  const file = await configFile(context);
  context.io.out(`${file.path}\n`);
  return EXIT.fine;
}
