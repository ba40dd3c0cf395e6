interface Help {
  readonly title: string;
  readonly says: readonly string[];
  readonly options: readonly (readonly [string, string])[];
}

const PORCELAIN = ['--porcelain', 'Make the output parsing-friendly.'] as const;
const MASTER = '<master ip> <master port>';

/** The queries of lizardfs-admin 3.12 to 3.13 in its own words, in its own order. */
export const HELP: Readonly<Record<string, Help>> = {
  'chunks-health': {
    title: MASTER,
    says: [
      'Returns chunks health reports in the installation.',
      'By default (if no report is specified) all reports will be shown.',
      'In replication and deletion states, the column means the number of chunks',
      'with number of copies specified in the label to replicate/delete.',
    ],
    options: [
      PORCELAIN,
      ['--availability', 'Print report about availability of chunks.'],
      ['--replication', 'Print report about about number of chunks that need replication.'],
      ['--deletion', 'Print report about about number of chunks that need deletion.'],
    ],
  },
  info: {
    title: MASTER,
    says: ['Prints statistics concerning the LizardFS installation.'],
    options: [PORCELAIN],
  },
  'iolimits-status': {
    title: MASTER,
    says: ['Prints current configuration of global I/O limiting'],
    options: [PORCELAIN],
  },
  'list-chunkservers': {
    title: MASTER,
    says: ['Prints information about all connected chunkservers.'],
    options: [PORCELAIN],
  },
  'list-defective-files': {
    title: MASTER,
    says: ['Lists files which currently have defective chunks'],
    options: [
      PORCELAIN,
      ['--unavailable', 'Print unavailable files'],
      ['--undergoal', 'Print files with undergoal chunks'],
      ['--structure-error', 'Print files/directories with structure error'],
      ['--limit=', 'Limit maximum number of printed files'],
    ],
  },
  'list-disks': {
    title: MASTER,
    says: ['Prints information about all connected chunkservers.'],
    options: [PORCELAIN, ['--verbose', 'Be a little more verbose and show operations statistics.']],
  },
  'list-goals': {
    title: MASTER,
    says: ['List goal definitions.'],
    options: [PORCELAIN, ['--pretty', 'Print nice table']],
  },
  'list-mounts': {
    title: MASTER,
    says: ['Prints information about all connected mounts.'],
    options: [
      PORCELAIN,
      ['--verbose', 'Be a little more verbose and show goal and trash time limits.'],
    ],
  },
  'list-metadataservers': {
    title: MASTER,
    says: ['Prints status of active metadata servers'],
    options: [PORCELAIN],
  },
  'list-tapeservers': {
    title: MASTER,
    says: ['Prints status of active tapeservers'],
    options: [PORCELAIN],
  },
  'list-tasks': {
    title: MASTER,
    says: ['Lists tasks which are currently executed by master'],
    options: [],
  },
  'metadataserver-status': {
    title: MASTER,
    says: ['Prints status of a master or shadow master server'],
    options: [PORCELAIN],
  },
  'promote-shadow': {
    title: '<shadow ip> <shadow port>',
    says: [
      "Promotes metadata server. Works only if personality 'ha-cluster-managed'is used.",
      'Authentication with the admin password is required.',
    ],
    options: [],
  },
  'ready-chunkservers-count': {
    title: MASTER,
    says: ['Prints number of chunkservers ready to be written to.'],
    options: [],
  },
  'reload-config': {
    title: MASTER,
    says: [
      'Requests reloading configuration from the config file.',
      'This is synchronous (waits for reload to finish).',
      'Authentication with the admin password is required.',
    ],
    options: [],
  },
};

const USAGE = 'Usage:\n    lizardfs-admin COMMAND [OPTIONS...] [ARGUMENTS...]\n';

/** What is said to a command that does not exist. */
export function unknownCommand(command: string): string {
  return `Unknown command ${command}. Use lizardfs-admin help for a list of available commands\n${USAGE}\n`;
}

/** What is said to nothing at all, and to `help`. */
export function everyCommand(first: string): string {
  const blocks = Object.keys(HELP).map((command) => describe(command));
  return `${first}\n${USAGE}\nAvailable COMMANDs:\n\n${blocks.join('')}`;
}

/** What is said to a command that was used wrongly. */
export function wrongUsage(command: string, why: string): string {
  return `${why}\n${USAGE}\n${describe(command)}`;
}

function describe(command: string): string {
  const help = HELP[command];
  if (!help) return '';
  const options = help.options.flatMap(([name, says]) => ['', `    ${name}`, `        ${says}`]);
  const lines = [
    `${command} ${help.title}`,
    ...help.says.map((line) => `    ${line}`),
    ...(options.length > 0 ? ['    Possible command-line options:', ...options] : []),
  ];
  return `${lines.join('\n')}\n\n`;
}
