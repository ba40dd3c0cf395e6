import { quoteLines } from '../../core/evidence.js';
import type { Evidence, Finding } from '../../core/finding.js';
import type { HostName } from '../../core/host.js';
import { hostByAddress } from '../../core/lookup.js';
import type { Now } from '../../core/probe.js';
import { clean, count, listed } from '../../core/text.js';
import { portalAddress } from '../../tools/iscsi-session.js';
import { sessionsProbe } from './probes.js';
import { mapViews, nodeIds, sessionViews, type SessionView } from './view.js';

/** Sessions by what they share. */
function sessionsBy(
  sessions: readonly SessionView[],
  key: (view: SessionView) => string,
): ReadonlyMap<string, readonly SessionView[]> {
  const groups = new Map<string, SessionView[]>();
  for (const view of sessions) {
    const list = groups.get(key(view));
    if (list) list.push(view);
    else groups.set(key(view), [view]);
  }
  return groups;
}

/** The portals to which every session of every host is down. */
export function portalsAway(now: Now): readonly (readonly SessionView[])[] {
  const groups = sessionsBy(sessionViews(now), ({ session }) => session.portal);
  return [...groups.values()].filter((views) => views.every((v) => v.standing === 'down'));
}

/**
 * Sessions that are down: one finding for a portal that nobody reaches, and else one for each
 * session, since then the fault lies between that host and the portal.
 */
export function sessionFindings(now: Now): readonly Finding[] {
  const away = portalsAway(now);
  const explained = new Set(away.flat().map((view) => view.id));
  const mapped = mappedDevices(now);
  const down = sessionViews(now).filter((v) => v.standing === 'down' && !explained.has(v.id));
  const groups = sessionsBy(down, ({ host, session }) => {
    return `${session.portal} ${session.target}@${host}`;
  });
  return [
    ...away.map((views) => portalDown(now, views, mapped)),
    ...[...groups].map(([subject, views]) => sessionDown(now, clean(subject), views, mapped)),
  ];
}

/** `host/sda` for each device that is a path of a map. */
function mappedDevices(now: Now): ReadonlySet<string> {
  return new Set(
    mapViews(now).flatMap(({ host, paths }) => paths.map((p) => `${host}/${p.path.device ?? ''}`)),
  );
}

function portalDown(now: Now, views: readonly SessionView[], mapped: ReadonlySet<string>): Finding {
  const portal = views[0]?.session.portal ?? '';
  const hosts = [...new Set(views.map((view) => view.host))];
  const owner = hostByAddress(now, portalAddress(portal));
  const alone = hosts.length === 1;
  return {
    code: 'MULTIPATH_PORTAL_DOWN',
    severity: severityOf(views, mapped),
    title: 'iSCSI portal away',
    subject: clean(portal),
    hosts,
    says: `${count(views.length, 'session')} to ${clean(portal)} ${views.length === 1 ? 'is' : 'are'} down, on ${listed(hosts)}${affected(now, views)}.`,
    means: alone
      ? 'The portal is gone, or the way to it: only this host has sessions to it.'
      : 'No host reaches it: the portal, its array or the network before it is gone.',
    todo: `${owner === undefined ? 'Look at the array' : `Look at ${owner}, which has this address`} and at the network to it. iscsid logs in again by itself.`,
    evidence: evidence(now, views),
    remedies: [],
    heals: true,
    about: [nodeIds.portal(portal)],
    explains: true,
  };
}

function sessionDown(
  now: Now,
  subject: string,
  views: readonly SessionView[],
  mapped: ReadonlySet<string>,
): Finding {
  const hosts = [...new Set(views.map((view) => view.host))];
  const [first] = views;
  return {
    code: 'MULTIPATH_SESSION_DOWN',
    severity: severityOf(views, mapped),
    title: 'iSCSI session down',
    subject,
    hosts,
    says: `The session of ${listed(hosts)} to ${first?.portal ?? ''} is down (${first?.states ?? ''})${affected(now, views)}.`,
    means: 'Others reach this portal, so the fault lies at this host, its link or its login.',
    todo: 'Look at the link and at what iscsid says: `journalctl -u iscsid`.',
    evidence: evidence(now, views),
    remedies: [],
    heals: true,
    about: views.map((view) => view.id),
    explains: true,
  };
}

/** Where a session's disks stand in no map nothing takes over for them: their I/O hangs or fails. */
function severityOf(
  views: readonly SessionView[],
  mapped: ReadonlySet<string>,
): Finding['severity'] {
  return views.some((view) => isBare(view, mapped)) ? 'alert' : 'warning';
}

function isBare({ host, session }: SessionView, mapped: ReadonlySet<string>): boolean {
  return session.disks.some(({ device }) => !mapped.has(`${host}/${device}`));
}

/** Sessions with a disk that stands in no map. */
export function bareSessions(now: Now): readonly SessionView[] {
  const mapped = mappedDevices(now);
  return sessionViews(now).filter((view) => isBare(view, mapped));
}

function affected(now: Now, views: readonly SessionView[]): string {
  const ids = new Set(views.map((view) => view.id));
  const names = mapViews(now)
    .filter(({ paths }) => paths.some(({ session }) => session && ids.has(session.id)))
    .map((view) => view.subject);
  return names.length === 0 ? '' : `; it carries paths of ${listed(names)}`;
}

function evidence(now: Now, views: readonly SessionView[]): readonly Evidence[] {
  const byHost: ReadonlyMap<HostName, readonly SessionView[]> = sessionsBy(views, (v) => v.host);
  return now.known(sessionsProbe).flatMap((reading) => {
    const sids = new Set((byHost.get(reading.host) ?? []).map(({ session }) => session.sid));
    if (sids.size === 0) return [];
    let here = false;
    // A session's states follow its number.
    return quoteLines(reading, (line) => {
      const sid = /^\s*SID: (.+)$/.exec(line)?.[1];
      if (sid !== undefined) here = sids.has(sid.trim());
      return here && /^\s*(?:SID|iSCSI \w+ State|Internal iscsid Session State):/.test(line);
    });
  });
}
