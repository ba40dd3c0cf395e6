import { programOf, type Role } from '../../flavour/families.js';
import { runs, unitOf, type Flavour } from '../../flavour/parse.js';

/** How a daemon is told something. */
export interface ServiceWay {
  readonly service: string;
  readonly argv: readonly string[];
}

/** The way to a daemon: its unit, or its own program where systemd does not know how. */
export function serviceWay(
  flavour: Flavour,
  role: Role,
  action: 'start' | 'stop' | 'restart' | 'reload',
): ServiceWay | undefined {
  const { family, programs } = flavour;
  if (!family) return undefined;
  const unit = unitOf(flavour, role);
  if (unit && (action !== 'reload' || unit.reloads)) {
    return { service: unit.name.replace(/\.service$/, ''), argv: ['systemctl', action, unit.name] };
  }
  const program = programOf(family, role);
  const path = programs.get(program);
  return path === undefined ? undefined : { service: program, argv: [path, action] };
}

/** A running daemon's way to read its config again. */
export function reloadWay(flavour: Flavour, role: Role): ServiceWay | undefined {
  return runs(flavour, role) ? serviceWay(flavour, role, 'reload') : undefined;
}

/** The name of a process as the kernel keeps it. */
export function processOf({ family }: Flavour, role: Role): string {
  return family ? programOf(family, role).slice(0, 15) : '';
}
