import type { ChunkHost } from './host-facts.js';

/** How a host's chunkserver is told of its new disks. */
export interface ChunkService {
  readonly action: 'reload' | 'start';
  readonly service: string;
  readonly argv: readonly string[];
}

/**
 * A running chunkserver reads its list of disks again on reload; one that does not run is started.
 * Where systemd has no way to reload it the program itself has one (`mfschunkserver reload`).
 */
export function chunkService({ unit, program, running }: ChunkHost): ChunkService | undefined {
  const action = running ? 'reload' : 'start';
  if (unit && (unit.reloads || !running)) {
    const service = unit.name.replace(/\.service$/, '');
    return { action, service, argv: ['systemctl', action, unit.name] };
  }
  if (program === undefined) return undefined;
  return { action, service: program.slice(program.lastIndexOf('/') + 1), argv: [program, action] };
}

/** How a service that was started is stopped again. */
export function stopping({ argv }: ChunkService): readonly string[] {
  return argv.map((word) => (word === 'start' ? 'stop' : word));
}
