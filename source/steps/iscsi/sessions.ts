import type { Reader } from '../../core/host.js';
import { linesOf } from '../../core/text.js';
import {
  NO_SESSIONS,
  parseSessions,
  sessionDetailsCommand,
  type IscsiSession,
} from '../../tools/iscsi-session.js';

/** A host's sessions with one target at one portal, or why they cannot be told. */
export type SessionsLook =
  | { readonly ok: true; readonly sessions: readonly IscsiSession[] }
  | { readonly ok: false; readonly because: string };

/** Looks at the sessions with a target, with their states and disks. Never rejects. */
export async function lookAtSessions(
  host: Reader,
  { target, portal }: { readonly target: string; readonly portal: string },
): Promise<SessionsLook> {
  const outcome = await host.run(sessionDetailsCommand());
  if (outcome.kind !== 'exited') return { ok: false, because: outcome.reason };
  if (outcome.code === NO_SESSIONS) return { ok: true, sessions: [] };
  const read = parseSessions(outcome.stdout);
  if (outcome.code !== 0 || !read.ok) {
    const said = linesOf(outcome.stderr)[0] ?? `exit code ${outcome.code}`;
    return { ok: false, because: `iscsiadm does not tell its sessions: ${said}` };
  }
  const sessions = read.value.filter((one) => one.target === target && one.portal === portal);
  return { ok: true, sessions };
}
