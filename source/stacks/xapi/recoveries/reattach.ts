import type { Json } from '../../../core/json.js';
import type { Millis } from '../../../core/host.js';
import { count } from '../../../core/text.js';
import type { Drafted } from '../../../core/wizard.js';
import type { PlugParams } from '../steps/params.js';
import { Steps } from '../../../core/plan-steps.js';
import type { Found } from '../wizards/boot-hook/look.js';
import { targetOf, type Target } from '../wizards/boot-hook/plan.js';
import type { Strays } from './strays.js';
import type { Subject } from './subject.js';

/** The plan that brings a repository back on one host: detached, kept, mounted, attached. */
export function reattach(found: Found, subject: Subject, strays: Strays, at: Millis): Drafted {
  const { repository, plug, member } = subject;
  const { beneath, pbd } = plug;
  const isFolder = beneath.kind === 'folder';
  const needsMount = isFolder && beneath.onRoot;
  const target = isFolder ? targetOf(found, repository, member) : undefined;
  if (target && 'says' in target && needsMount) return { ok: false, faults: [target] };
  const params: PlugParams = {
    sr: repository.sr.uuid,
    srName: repository.label,
    host: member.uuid,
    location: isFolder ? beneath.location : null,
  };
  const steps = new Steps('one by one');
  if (pbd.attached) steps.add(member.host, 'xapi.unplug-pbd', { ...params });
  if (needsMount && target && 'spec' in target) {
    steps.add(member.host, 'xapi.keep-aside', {
      folder: target.spec.mountPoint,
      keepAt: keepAt(target, at),
    });
    steps.add(member.host, 'command.run', mountStep(target));
  }
  steps.add(member.host, 'xapi.plug-pbd', { ...params });
  return {
    ok: true,
    draft: {
      title: `Attach ${repository.label} again on ${member.host}`,
      steps: steps.list,
      basis: [],
      confirmations: [],
      loses: [],
      putBack:
        'Each step is taken back in turn, so that it ends as it began: a mount that was made is taken away, and what was attached before is attached again.',
      warnings: warnings(
        strays,
        needsMount && target && 'spec' in target ? keepAt(target, at) : undefined,
      ),
    },
  };
}

/** Beside the mount point, on the same disk: a rename and no copy. */
function keepAt({ spec }: Target, at: Millis): string {
  const stamp = new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return `${spec.mountPoint}.kept-${stamp}`;
}

function mountStep({ spec, mount }: Target): Json {
  const { mountPoint } = spec;
  return {
    title: 'mount',
    on: mountPoint,
    argv: [...spec.mount],
    effect: 'changes',
    shows: {
      argv: ['findmnt', '-n', '-o', 'FSTYPE', mountPoint],
      expect: mount.type,
    },
    undo: { says: `unmount ${mountPoint}`, argv: ['umount', '--', mountPoint] },
  };
}

function warnings({ names, seenAt }: Strays, kept: string | undefined): readonly string[] {
  const unplug =
    'The pool refuses to detach it while a virtual machine on this host has a disk on it: move or stop it first.';
  if (names.length === 0) return [unplug];
  const written = `What was written meanwhile (${count(names.length, 'file')})`;
  return [
    unplug,
    kept === undefined
      ? `${written} stays beneath the mount, seen at ${seenAt} until it is detached; afterwards by \`mount --bind / /mnt/x\`.`
      : `${written} is kept in ${kept}: look at it before it is deleted by hand.`,
  ];
}
