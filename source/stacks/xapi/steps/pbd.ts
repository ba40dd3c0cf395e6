import type { Command, Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { explainXe } from '../read/errors.js';
import { plainPath } from '../read/mount-table.js';
import { lookAtPlug, notMountedWords, onPlug } from './look-at-plug.js';
import { plugSchema, storageOf, type PlugParams } from './params.js';

/** Connects a host to a repository. Run on that host: any member speaks for the pool. */
export const createPbd = defineStep<PlugParams>({
  id: 'xapi.create-pbd',
  params: plugSchema,
  effect: () => 'changes',
  touches: storageOf,
  tell: ({ srName, location }) => ({
    title: 'connect the host to the repository',
    on: `${srName}${location === null ? '' : ` at ${location}`}`,
  }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(create(params).argv)] }),
  check: async (host, params) => {
    const look = await lookAtPlug(host, params);
    if (!look.ok) return { kind: 'cannotTell', because: look.because };
    if (!look.pbd) return { kind: 'notYet' };
    const location = look.pbd.config.get('location');
    const same =
      params.location === null || plainPath(location ?? '') === plainPath(params.location);
    if (same) return { kind: 'done' };
    return {
      kind: 'refused',
      because: `it is connected already, at ${location ?? 'another place'}`,
    };
  },
  commands: (params) => [create(params)],
  explain: explainXe,
  undo: (params) => ({
    kind: 'commands',
    says: `disconnect the host from ${params.srName}`,
    commands: [onPlug('destroy', params)],
  }),
});

function create({ sr, host, location }: PlugParams): Command<'changes'> {
  const config = location === null ? [] : [`device-config:location=${location}`];
  const argv = ['xe', 'pbd-create', `sr-uuid=${sr}`, `host-uuid=${host}`, ...config];
  return { argv, effect: 'changes', deadline: 60_000 };
}

/**
 * Attaches a repository on its host. `type=file` binds whatever folder it finds, so the check before
 * it looks at the host's own mounts; and the check after it, at what is bound.
 */
export const plugPbd = defineStep<PlugParams>({
  id: 'xapi.plug-pbd',
  params: plugSchema,
  effect: () => 'changes',
  touches: storageOf,
  tell: ({ srName }) => ({ title: 'attach the repository', on: srName }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(onPlug('plug', params).argv)] }),
  check: isPlugged,
  commands: (params) => [onPlug('plug', params)],
  explain: explainXe,
  undo: (params) => ({
    kind: 'commands',
    says: `detach ${params.srName}`,
    commands: [onPlug('unplug', params)],
  }),
});

async function isPlugged(host: Reader, params: PlugParams): Promise<Verdict> {
  const look = await lookAtPlug(host, params);
  if (!look.ok) return { kind: 'cannotTell', because: look.because };
  const { pbd, beneath } = look;
  const empty = notMountedWords(beneath);
  if (empty !== undefined) return { kind: 'refused', because: empty };
  if (!pbd?.attached) return { kind: 'notYet' };
  if (beneath.kind !== 'folder') return { kind: 'done' };
  if (beneath.bound && !beneath.boundElsewhere) return { kind: 'done' };
  const because = beneath.bound
    ? 'it is attached, and shows what lies beneath the mount: detach it first'
    : 'the pool says that it is attached, and nothing is mounted for it: detach it first';
  return { kind: 'refused', because };
}

/** Detaches a repository on its host. xapi refuses while a virtual machine there has a disk on it. */
export const unplugPbd = defineStep<PlugParams>({
  id: 'xapi.unplug-pbd',
  params: plugSchema,
  effect: () => 'changes',
  touches: storageOf,
  tell: ({ srName }) => ({ title: 'detach the repository', on: srName }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(onPlug('unplug', params).argv)] }),
  check: async (host, params) => {
    const look = await lookAtPlug(host, params);
    if (!look.ok) return { kind: 'cannotTell', because: look.because };
    if (!look.pbd) return { kind: 'refused', because: 'the host has no PBD for it any more' };
    return { kind: look.pbd.attached ? 'notYet' : 'done' };
  },
  commands: (params) => [onPlug('unplug', params)],
  explain: explainXe,
  undo: (params) => ({
    kind: 'commands',
    says: `attach ${params.srName} again`,
    commands: [onPlug('plug', params)],
  }),
});
