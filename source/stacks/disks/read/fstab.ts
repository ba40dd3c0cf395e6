import { reads } from '../../../core/host.js';
import { parsed } from '../../../core/parsed.js';
import type { Tool } from '../../../core/tool.js';
import { parseFstab, type Fstab } from '../../../files/fstab.js';

/** Asks for what is to be mounted at the start. */
export const fstabTool: Tool<[], Fstab> = {
  command: () => reads(['cat', '/etc/fstab']),
  parse: (text) => parsed(parseFstab(text)),
  explain: (outcome) =>
    outcome.kind === 'exited' && outcome.code === 1 && outcome.stderr.includes('No such file')
      ? { absent: 'there is no /etc/fstab' }
      : undefined,
};
