import { logLine, type Fleet } from './state.js';
import type { Path, Session } from './san-state.js';

/** How long a lost portal or path goes unnoticed, in ms (the checker's interval). */
const NOTICED_AFTER = 5000;

/** Whether the storage behind a path answers now. */
export function pathWorks(fleet: Fleet, path: Path): boolean {
  const session = fleet.san.sessions.find(({ sid }) => sid === path.session);
  return !path.pulled && session !== undefined && portalUp(fleet, session.portal);
}

function portalUp(fleet: Fleet, address: string): boolean {
  return fleet.san.portals.some((portal) => portal.address === address && portal.up);
}

/** Takes a portal away, or gives it back. */
export function setPortal(fleet: Fleet, address: string, up: boolean): void {
  const portal = fleet.san.portals.find((other) => other.address === address);
  if (portal) portal.up = up;
  fleet.clock.after(NOTICED_AFTER, () => checkPaths(fleet));
}

/** Takes one path away, or gives it back. */
export function setPath(fleet: Fleet, dev: string, there: boolean): void {
  const path = fleet.san.paths.find((other) => other.dev === dev);
  if (path) path.pulled = !there;
  fleet.clock.after(NOTICED_AFTER, () => checkPaths(fleet));
}

/** What the path checker and iscsid do: see which paths and sessions live. */
export function checkPaths(fleet: Fleet): void {
  const { san } = fleet;
  for (const session of san.sessions) checkSession(fleet, session);
  for (const path of san.paths) {
    const works = pathWorks(fleet, path);
    if (works === path.usable) continue;
    path.usable = works;
    const map = san.maps.find(({ alias }) => alias === path.map);
    if (!map) continue;
    if (!works) map.faults += 1;
    const verb = works ? 'Reinstating' : 'Failing';
    const minor = map.dm.replace('dm-', '');
    logLine(
      fleet,
      san.machine,
      `device-mapper: multipath: 253:${minor}: ${verb} path ${path.majMin}.`,
    );
  }
}

function checkSession(fleet: Fleet, session: Session): void {
  const up = portalUp(fleet, session.portal);
  if (up === session.connected) return;
  session.connected = up;
  const says = up
    ? `connection${session.sid}:0: is operational after recovery (1 attempts)`
    : ` connection${session.sid}:0: ping timeout of 5 secs expired, recv timeout 5`;
  logLine(fleet, fleet.san.machine, says);
}
