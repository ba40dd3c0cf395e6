import { z } from 'zod';
import type { Command } from '../../../core/host.js';
import { jsonSchema, type Json } from '../../../core/json.js';
import { defineStep, type BoundStep } from '../../../core/step.js';
import { editFile } from '../../../steps/edit-file.js';
import { PORTS } from '../flavour/families.js';
import { ADMIN_TOOLS } from '../tools/admin.js';
import { asking, firstMaster } from './server-place.js';

const paramsSchema = z
  .strictObject({
    /** `fence it: it can only start as a shadow`. */
    title: z.string().min(1),
    /** An edit as `file.edit` takes it. */
    edit: jsonSchema,
    /** Where no master may answer before the edit; left out: it does not matter by then. */
    unless: z.strictObject(asking).optional(),
    /**
     * The servers that must say that they are shadows before the edit is put back; left out: it stays.
     */
    back: z
      .strictObject({ admin: z.enum(ADMIN_TOOLS), shadows: z.array(z.ipv4()).min(1) })
      .optional(),
  })
  .superRefine(({ edit }, context) => {
    const bound = editFile.bind(edit);
    if (!bound.ok) context.addIssue({ code: 'custom', path: ['edit'], message: bound.because });
  });

/** The parameters of `lizardfs.move-edit`. */
export type MoveEdit = z.infer<typeof paramsSchema>;

/**
 * $1 the tool, then addresses up to `--`, then the command that puts the file back. Whoever does not
 * say that it is a shadow may be the master by now: then the file stays as it is.
 */
const ONLY_SHADOWS = [
  't=$1; shift',
  'while [ "$1" != -- ]; do',
  `case $("$t" metadataserver-status --porcelain "$1" ${PORTS.client} 2>/dev/null </dev/null) in`,
  'shadow*) shift ;;',
  '*) echo "it stays: $1 does not say that it is a shadow"; exit 0 ;;',
  'esac; done; shift; command "$@"',
].join('\n');

/**
 * Edits a file for a master that moves. It differs from other edits in its undo: a fence is not taken
 * away, nor a name given back, while another server serves as the master in the place of the old one.
 */
export const moveEdit = defineStep<MoveEdit>({
  id: 'lizardfs.move-edit',
  params: paramsSchema,
  effect: () => 'changes',
  touches: ({ edit }) => editOf(edit).touches,
  tell: ({ title, edit }) => ({ title, on: editOf(edit).telling.on }),
  preview: ({ edit }) => editOf(edit).preview,
  check: async (host, { edit, unless }) => {
    const verdict = await editOf(edit).check(host);
    if (!unless || verdict.kind === 'refused' || verdict.kind === 'cannotTell') return verdict;
    const master = await firstMaster(host, unless.admin, unless.rivals);
    if (master === undefined) return verdict;
    return { kind: 'refused', because: `a master answers at ${master}: there must never be two` };
  },
  commands: ({ edit }) => editOf(edit).commands,
  undo: ({ edit, back }) => {
    const { undo } = editOf(edit);
    if (!back) {
      return { kind: 'impossible', because: 'it stays as the new master needs it' };
    }
    if (undo.kind !== 'commands') return undo;
    return {
      ...undo,
      says: `${undo.says}, unless another server is master by then`,
      commands: undo.commands.map((command) => onlyBeside(command, back)),
      leavesTraces: true,
    };
  },
});

function editOf(edit: Json): BoundStep {
  const bound = editFile.bind(edit);
  if (!bound.ok) throw new RangeError(bound.because);
  return bound.step;
}

function onlyBeside(command: Command, { admin, shadows }: NonNullable<MoveEdit['back']>): Command {
  const argv = ['sh', '-c', ONLY_SHADOWS, 'sh', admin, ...shadows, '--', ...command.argv];
  return { ...command, argv };
}
