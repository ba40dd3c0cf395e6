import { z } from 'zod';
import type { Command } from '../../../core/host.js';
import { defineStep } from '../../../core/step.js';
import { attribute, find, parseXml, textOf, type Element } from '../read/xml.js';
import {
  explainVirsh,
  nameSchema,
  see,
  thingSchema,
  verb,
  wordOf,
  type ThingKind,
} from './things.js';

const paramsSchema = z.strictObject({
  thing: thingSchema,
  name: nameSchema,
  /** Its definition as it was reviewed, by which undo brings it back. */
  xml: z.string().refine((text) => parseXml(text) !== undefined, 'it must be a definition'),
  /** How it was. */
  active: z.boolean(),
  autostart: z.boolean(),
});

/** The parameters of `libvirt.forget`. */
export type Forget = z.infer<typeof paramsSchema>;

/**
 * Stops a pool or a network and takes it out of libvirt for good: one that is only stopped comes back
 * with the next start of libvirtd. No file is deleted, and a network that guests are on stays.
 */
export const forget = defineStep<Forget>({
  id: 'libvirt.forget',
  params: paramsSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: ({ thing, name }) => ({
    title: `take the ${wordOf(thing)} out of libvirt`,
    on: `${name}${thing === 'pool' ? ' (what lies in it stays)' : ''}`,
  }),
  preview: ({ thing, name }) => ({
    kind: 'commands',
    lines: ['destroy', 'undefine'].map(
      (what) => `virsh -c qemu:///system ${verb(thing, what)} ${name}`,
    ),
  }),
  check: async (host, { thing, name, xml }) => {
    const seen = await see(host, thing, name);
    if (seen.kind === 'not known') return { kind: 'cannotTell', because: seen.because };
    if (seen.kind === 'absent') return { kind: 'done' };
    if (sameThing(thing, seen.xml) !== sameThing(thing, parseXml(xml))) {
      return { kind: 'refused', because: `${name} is another ${wordOf(thing)} than was reviewed` };
    }
    return attribute(seen.xml, 'connections') === ''
      ? { kind: 'notYet' }
      : { kind: 'refused', because: `guests are on the network ${name}` };
  },
  commands: ({ thing, name }) => [script(takeOut(thing), name)],
  explain: explainVirsh,
  undo: ({ thing, name, xml, active, autostart }) => ({
    kind: 'commands',
    says: `define ${name} again as it was`,
    commands: [{ ...script(bringBack(thing, { active, autostart }), name), input: xml }],
  }),
});

/** By what it is recognised: what it is, not what the host adds to it. */
function sameThing(thing: ThingKind, xml: Element | undefined): string {
  const uuid = textOf(find(xml, 'uuid'));
  return thing === 'pool'
    ? `${uuid} ${textOf(find(xml, 'target', 'path'))}`
    : `${uuid} ${attribute(find(xml, 'ip'), 'address')}`;
}

/** One that is stopped already ends with an error: what counts is whether it is gone. */
function takeOut(thing: ThingKind): string {
  return `virsh -c qemu:///system ${verb(thing, 'destroy')} "$1"; virsh -c qemu:///system ${verb(thing, 'undefine')} "$1"`;
}

function bringBack(
  thing: ThingKind,
  was: { readonly active: boolean; readonly autostart: boolean },
): string {
  const run = (what: string) => `virsh -c qemu:///system ${verb(thing, what)}`;
  return [
    `${run('define')} /dev/stdin || exit 1`,
    ...(was.autostart ? [`${run('autostart')} "$1" || exit 1`] : []),
    // One that runs already cannot be started: what counts is that it runs.
    ...(was.active
      ? [`${run('start')} "$1" || ${run('info')} "$1" | grep -qE '^(State: +running|Active: +yes)'`]
      : []),
  ].join('; ');
}

function script(text: string, name: string): Command<'changes'> {
  return { argv: ['sh', '-c', text, 'sh', name], effect: 'changes', deadline: 120_000 };
}
