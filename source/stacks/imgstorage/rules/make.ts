import { quoteLines } from '../../../core/evidence.js';
import type { Evidence, Finding } from '../../../core/finding.js';
import type { HostName } from '../../../core/host.js';
import type { Reading } from '../../../core/probe.js';
import { quote } from '../../../core/quote.js';
import { clean } from '../../../core/text.js';
import { nodeIds } from '../nodes.js';
import type { Seen } from '../seen.js';
import type { Image } from '../view.js';

/** What mends a storage map that is stuck. */
export const REMEDIES: readonly string[] = ['imgstorage.stuck'];

/** A finding about an image, without what all of them have alike. */
export type ImageFinding = Omit<
  Finding,
  'subject' | 'hosts' | 'about' | 'evidence' | 'remedies'
> & {
  readonly remedies?: readonly string[];
};

/** A finding about an image, with the lines of both its hosts that name it. */
export function aboutImage(image: Image, found: ImageFinding): Finding {
  return {
    remedies: REMEDIES,
    ...found,
    subject: image.subject,
    hosts: hostsOf(image),
    about: [nodeIds.image(image)],
    evidence: evidenceOf(image),
  };
}

/** The hosts of ours that an image concerns. */
export function hostsOf({ nas, far, leftovers }: Image): readonly HostName[] {
  const hosts = [nas.host, far?.container.host, ...leftovers.map((one) => one.container.host)];
  return [...new Set(hosts.filter((host) => host !== undefined))];
}

/** The most commands that are quoted of one image. */
const MOST = 6;

function evidenceOf({ nas, far, leftovers, zvol }: Image): readonly Evidence[] {
  const container = (far ?? leftovers[0])?.container;
  const seen: readonly (Seen<unknown> | undefined)[] = [
    nas.tables,
    nas.targets,
    container?.sessions,
    container?.devices,
    nas.volumes,
    container?.volumes,
  ];
  const names = new RegExp(`(?:^|[^\\w])${escaped(zvol)}(?:-snap|-temp-write)?(?:[^\\w-]|$)`);
  return unique(seen.flatMap((one) => (one?.ok === true ? [one.reading] : [])))
    .flatMap((reading) => quoteLines(reading, (line) => names.test(line)))
    .map((one) => ({ ...one, command: commandOf(one.command) }))
    .slice(0, MOST);
}

function unique(readings: readonly Reading<unknown>[]): readonly Reading<unknown>[] {
  return [...new Set(readings)];
}

/** The script that dumps the database is long; what it does is short. */
function commandOf(command: string): string {
  return command.includes('.dump')
    ? 'sqlite3 -readonly /opt/rocks/var/img_storage.db .dump'
    : command;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** A name as a word of a command that a person is told to type. */
export function shellWord(name: string): string {
  return clean(quote(name));
}
