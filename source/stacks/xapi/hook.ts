import { hookUnit, startScript } from './boot-hook.js';
import type { Sr } from './read/lists.js';
import type { HookFile, LocalFacts } from './read/local-facts.js';

/** Whether a host makes sure at boot that a repository's folder is mounted before it is attached. */
export type Hook =
  | { readonly kind: 'unknown' }
  /** Nothing of it is there, and nothing shows that it ever was. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unit' | 'driver'; readonly by: HookFile; readonly script?: HookFile }
  /** A part of it is left: the rest was taken away, as an update of the driver does. */
  | { readonly kind: 'lost'; readonly left: HookFile; readonly because: string };

/**
 * The boot hook of a repository on a host. A script that is made by hand names no repository: it
 * counts for all that have none of their own.
 */
export function hookOf(
  { uuid: sr, type }: Pick<Sr, 'uuid' | 'type'>,
  local: LocalFacts | undefined,
): Hook {
  // Every other driver mounts by itself what it needs.
  if (type !== 'file') return { kind: 'none' };
  if (!local) return { kind: 'unknown' };
  const { hooks } = local;
  const scripts = hooks.filter(({ kind }) => kind === 'script');
  const script = scripts.find(
    (one) => one.repositories.includes(sr) || one.path === startScript(sr),
  );
  const mine = (file: HookFile): boolean =>
    file.repositories.includes(sr) || (script !== undefined && file.calls.includes(script.path));
  const unit = hooks.find((file) => file.kind === 'unit' && mine(file));
  const driver = hooks.find(
    (file) => file.kind === 'driver' && mine(file) && file.calls.length > 0,
  );
  const general = scripts.find(({ repositories }) => repositories.length === 0);
  const caller = unit?.active === true ? unit : driver;
  if (caller) return calledBy(caller, script);
  if (unit)
    return { kind: 'lost', left: unit, because: `${hookUnit(sr)} is there and not enabled` };
  if (script) {
    return { kind: 'lost', left: script, because: `nothing calls ${script.path} at boot` };
  }
  return general ? byHand(general, hooks) : { kind: 'none' };
}

function calledBy(by: HookFile, script: HookFile | undefined): Hook {
  const [path = ''] = by.calls;
  if (!script) return { kind: 'lost', left: by, because: `it calls ${path}, which is not there` };
  if (!script.active) return { kind: 'lost', left: script, because: `${path} may not be run` };
  return { kind: by.kind === 'driver' ? 'driver' : 'unit', by, script };
}

function byHand(script: HookFile, hooks: readonly HookFile[]): Hook {
  const by = hooks.find(
    ({ kind, active, calls }) => kind !== 'script' && active && calls.includes(script.path),
  );
  if (!by) return { kind: 'lost', left: script, because: `nothing calls ${script.path} at boot` };
  return { kind: by.kind === 'driver' ? 'driver' : 'unit', by, script };
}

/** A boot hook in a few words. */
export function hookWords(hook: Hook): string {
  switch (hook.kind) {
    case 'unknown':
      return 'not known';
    case 'none':
      return 'none';
    case 'lost':
      return `lost: ${hook.because}`;
    case 'unit':
    case 'driver':
      return hook.by.path;
  }
}
