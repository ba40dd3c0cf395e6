import { Steps } from '../../../../core/plan-steps.js';
import { clean } from '../../../../core/text.js';
import type { Drafted } from '../../../../core/wizard.js';
import { SECRET_LINES } from '../../read/hidden.js';
import { sidesSeen } from '../../steps/wait.js';
import { CHECK_CHANGED } from '../check-changed.js';
import { planJoining } from '../replicated-volume/join.js';
import type { FoundResource, KnownHost } from '../replicated-volume/look.js';
import { nodeNamed } from '../replicated-volume/nodes.js';
import type { ReplaceAnswers } from './answers.js';
import type { Found } from './look.js';
import { changeNode } from './text.js';

/** A resource whose peer is gone, with what the new node takes over. */
interface Orphan {
  readonly resource: FoundResource;
  readonly minor: number;
  /** The peer that is gone, as the file calls it, and its port. */
  readonly gone: string;
  readonly port: string;
  readonly text: string;
  readonly file: string;
}

/** A resource of a host that waits for a peer in vain, or why it does not. */
export function orphan({ sides, paths }: Found, host: KnownHost, name: string): Orphan | string {
  const resource = host.resources.find((one) => one.name === name);
  const [volume, ...more] = resource?.self?.volumes ?? [];
  const [peer, ...others] = resource?.others ?? [];
  if (!resource || !volume || !peer?.name) return `${host.name} does not have it between two nodes`;
  if (others.length > 0) return 'it has more than two nodes: edit its file by hand';
  if (more.length > 0 || volume.minor === null) return 'it has several volumes: make them by hand';
  const side = sides.get(`${host.name} ${name}`);
  if (!side?.ok) return side?.because ?? 'how it stands is not known';
  if (side.side.touches) return `${peer.name} is connected: it is not gone`;
  const bad = side.side.volumes.find(({ disk }) => disk !== 'UpToDate');
  if (bad) return `the data is not whole; ${sidesSeen(host.name, side.side)}`;
  const path = paths.get(`${host.name} ${name}`);
  if (path?.kind === 'answers') {
    return `${path.address} answers: ${peer.name} is running. Turn it off first, or mend the network`;
  }
  const port = /:(\d+)$/.exec(peer.address ?? '')?.[1];
  if (port === undefined) return `the port of ${peer.name} is not known`;
  if (resource.text === undefined || resource.file === undefined) return 'its file cannot be read';
  const { text, file } = resource;
  return { resource, minor: volume.minor, gone: peer.name, port, text, file };
}

/**
 * A node takes the place of one that is gone: what it needs is made on it first, then the side that lives
 * is told of it, and only then do they meet.
 */
export function plan(
  found: Found,
  { first, second, resource: name, address }: ReplaceAnswers,
): Drafted {
  const fail = (key: string, says: string): Drafted => ({
    ok: false,
    faults: [{ key, says: clean(says) }],
  });
  const [one, two] = [nodeNamed(found, first), nodeNamed(found, second)];
  if (typeof one === 'string') return fail('first', one);
  if (typeof two === 'string') return fail('second', two);
  if (first === second) return fail('second', 'a node cannot take its own place');
  const known = orphan(found, one, name);
  if (typeof known === 'string') return fail('resource', `${name}: ${known}`);
  const { uname } = two.facts;
  if (uname === known.gone) {
    return fail(
      'second',
      `${second} has the old node's name: recover drbd.peer-lost brings it back`,
    );
  }
  if (!two.facts.addresses.some((card) => card.address === address)) {
    return fail('address', `${second} does not have the address ${address}`);
  }
  // What we call it may be the name of the one that is gone.
  const comes = uname === second ? second : `${uname} (${second})`;
  const at = `${address}:${known.port}`;
  const changed = changeNode(known.text, {
    resource: name,
    from: known.gone,
    to: uname,
    address: at,
  });
  if (!changed.ok) return fail('resource', `${name}: ${changed.because}`);
  const joined = planJoining(withNewPeer(found, one, known, { uname, at, text: changed.text }), {
    ...{ way: 'joins', first, second, resource: name },
  });
  if (!joined.ok) return joined;
  const steps = new Steps('one by one');
  const list = joined.draft.steps;
  const meeting = list.findIndex(({ kind }) => kind === 'drbd.create-metadata');
  const add = (some: typeof list): void => {
    for (const step of some) steps.add(step.host, step.kind, step.params);
  };
  add(list.slice(0, meeting));
  addSurvivor(steps, { host: one, known, uname, at, text: changed.text });
  add(list.slice(meeting));
  return {
    ok: true,
    draft: {
      ...joined.draft,
      title: clean(`${comes} takes the place of ${known.gone} in ${name}`),
      steps: steps.list,
      confirmations: [{ word: known.gone, accepts: accepted(known.gone, name, first) }],
      putBack: `${second} leaves again: its side is taken down, its metadata wiped, its file and the volume that was made removed, unless it is in use or has what ${first} lacks. The file of ${first} names ${known.gone} again; \`drbdadm adjust ${name}\` there lets it wait for that one. ${first} keeps its data.`,
      warnings: [
        `Everything on ${first} is copied to ${second}. Ctrl-C leaves the copying to go on by itself; \`resume\` waits on.`,
        clean(
          `${known.gone} must not be started again with its old file: it would wait for ${first}, and may be made Primary beside it. Take ${known.file} away there.`,
        ),
      ],
    },
  };
}

function accepted(gone: string, name: string, first: string): string {
  return clean(
    `${gone} is gone for good: what it wrote to ${name} and ${first} does not have is lost`,
  );
}

interface NewPeer {
  readonly uname: string;
  readonly at: string;
  readonly text: string;
}

/** What was found, as if the file of the node that lives named the new one already. */
function withNewPeer(
  found: Found,
  host: KnownHost,
  { resource }: Orphan,
  { uname, at, text }: NewPeer,
): Found {
  const others = resource.others.map((peer) => ({ ...peer, name: uname, address: at }));
  const changed = { ...resource, others, text };
  const resources = host.resources.map((one) => (one === resource ? changed : one));
  const hosts = found.hosts.map((one) => (one === host ? { ...host, resources } : one));
  return { ...found, hosts };
}

function addSurvivor(
  steps: Steps,
  { host, known, uname, at, text }: NewPeer & { readonly host: KnownHost; readonly known: Orphan },
): void {
  const { name } = known.resource;
  const hasSecret = SECRET_LINES.keys.some((key) => text.includes(key));
  steps.add(host.name, 'file.edit', {
    ...{ path: known.file, before: known.text, after: text },
    checker: ['sh', '-c', CHECK_CHANGED, 'sh', '{}', known.file, name],
    ...(hasSecret && { secrets: { keys: [...SECRET_LINES.keys], form: SECRET_LINES.form } }),
  });
  steps.add(host.name, 'drbd.take-peer', {
    ...{ resource: name, minors: [known.minor], driver: host.driver },
    ...{ address: at, called: uname },
  });
}
