import type { Outcome } from '../../../core/host.js';
import { linesOf } from '../../../core/text.js';

/** What `xe` said on standard error. */
export interface XeError {
  /** `SR_BACKEND_FAILURE_47`; undefined where only a sentence was printed. */
  readonly code?: string;
  /** In words. */
  readonly says: string;
  /** What a driver adds: the text of `[opterr=…]`. */
  readonly detail?: string;
  /** `sr`, `host` and the like, with their values. */
  readonly params: ReadonlyMap<string, string>;
}

/** A genuine one: a failed `xe sr-create`. */
export const errorSample = [
  'Error code: SR_BACKEND_FAILURE_47',
  'Error parameters: , The SR is not available [opterr=ceph is not installed],',
  '',
].join('\n');

/**
 * Reads what `xe` says when it ends with 1. Two shapes (xen-api, cli_util and the client): errors
 * that it knows are an English sentence and then `param: value` lines, with `<unknown>` for a value
 * that is missing and `<extra>` for one too many; those that it does not, all
 * of the storage drivers among them, are a code and its parameters in one line.
 */
export function parseXeError(stderr: string): XeError {
  const lines = linesOf(stderr).filter((line) => line.trim() !== '');
  const params = new Map<string, string>();
  const words: string[] = [];
  let code: string | undefined;
  for (const line of lines) {
    const [, known] = /^Error code: (\S+)$/.exec(line) ?? [];
    const [, list] = /^Error parameters: (.*)$/.exec(line) ?? [];
    const [, name, value = ''] = /^(<extra>|[A-Za-z][\w-]*): (.*)$/.exec(line) ?? [];
    if (known !== undefined) code = known;
    else if (list !== undefined) words.push(list.replace(/\s*,\s*/g, ' ').trim());
    else if (name !== undefined && words.length > 0) addParam(params, name, value);
    else words.push(line.trim());
  }
  const said = words.filter((word) => word !== '').join(' ');
  const detail = /\[opterr=([^\]]*)\]/.exec(said)?.[1];
  const says = said.replace(/\s*\[opterr=[^\]]*\]/, '').trim();
  return {
    ...(code !== undefined && { code }),
    says: says === '' ? (code ?? 'it said nothing') : says,
    ...(detail !== undefined && detail !== '' && { detail }),
    params,
  };
}

/** A value that was missing is told as such, one too many without a name of its own. */
function addParam(params: Map<string, string>, name: string, value: string): void {
  if (value === '<unknown>') return;
  const key = name === '<extra>' ? 'and' : name;
  const before = params.get(key);
  params.set(key, before === undefined ? value : `${before}, ${value}`);
}

/** Codes of the storage drivers whose own words are too short, in ours (sm, XE_SR_ERRORCODES.xml). */
const MEANS: Readonly<Record<string, string>> = {
  SR_BACKEND_FAILURE_16: 'the storage repository is in use',
  SR_BACKEND_FAILURE_46: 'a virtual disk is not available',
  SR_BACKEND_FAILURE_47: 'the storage repository is not available',
  SR_BACKEND_FAILURE_61: 'the folder could not be taken as a storage repository',
  SR_BACKEND_FAILURE_73: 'the NFS server could not be mounted',
  SR_BACKEND_FAILURE_90: 'the device does not exist',
  SR_BACKEND_FAILURE_94: 'no location is given',
  SR_BACKEND_FAILURE_461: 'it cannot be written to',
};

/** A failed `xe` in one line; undefined where it did not end by itself or ended well. */
export function explainXe(outcome: Outcome): string | undefined {
  if (outcome.kind !== 'exited' || outcome.code === 0 || outcome.stderr.trim() === '')
    return undefined;
  const { code, says, detail, params } = parseXeError(outcome.stderr);
  const meaning = code === undefined ? undefined : MEANS[code];
  const about = [...params].map(([name, value]) => `${name} ${value}`).join(', ');
  return [
    meaning === undefined ? says : `${meaning} (${code ?? ''})`,
    ...(detail === undefined ? [] : [detail]),
    ...(about === '' ? [] : [about]),
  ].join(': ');
}
