import { notThis, parsed, type Parsed } from '../../../core/parsed.js';
import { linesOf } from '../../../core/text.js';

/** An export as it holds now, with every option spelled out. */
export interface ActiveExport {
  readonly path: string;
  /** `*`: the world. */
  readonly client: string;
  readonly options: readonly string[];
}

/**
 * Reads what is exported: /var/lib/nfs/etab, or `exportfs -v` and `-s`, which print the same. A path
 * that is long stands on a line of its own (exportfs(8)); `<world>` is `*`.
 */
export function parseActive(text: string): Parsed<readonly ActiveExport[]> {
  const unread: string[] = [];
  const exports: ActiveExport[] = [];
  let path: string | undefined;
  for (const line of linesOf(text)) {
    if (line.trim() === '') continue;
    const alone = /^(\/\S*)\s*$/.exec(line)?.[1];
    const [, head, client, options] = /^(\/\S*)?\s+([^\s()]+)\(([^()]*)\)\s*$/.exec(line) ?? [];
    if (alone !== undefined) path = unescape(alone);
    else if (client !== undefined && options !== undefined && (head ?? path) !== undefined) {
      path = head === undefined ? path : unescape(head);
      const who = client === '<world>' ? '*' : client;
      exports.push({ path: path ?? '', client: who, options: options.split(',') });
    } else unread.push(line);
  }
  const first = linesOf(text).findIndex((line) => line.trim() !== '');
  return exports.length === 0 && unread.length > 0
    ? notThis(first + 1, 'exports as `exportfs -v` prints them')
    : parsed(exports, unread);
}

function unescape(word: string): string {
  return word.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

/** What an option of the file means where etab spells it differently; those that are told nowhere. */
const UNTOLD = new Set(['mp', 'mountpoint', 'no_acl', 'acl', 'no_pnfs', 'fsuid']);

/** Whether what holds is what the options of the file ask for; what they leave out is exportfs's. */
export function satisfies({ options }: ActiveExport, wanted: readonly string[]): boolean {
  return wanted.every((option) => {
    const [key = ''] = option.split('=');
    return UNTOLD.has(key) || options.includes(option) || holdsOtherwise(options, option);
  });
}

/** `sec=sys:krb5` and numbers are printed as they are; `crossmnt` implies `nohide`. */
function holdsOtherwise(options: readonly string[], option: string): boolean {
  switch (option) {
    case 'auth_nlm':
    case 'secure_locks':
      return !options.includes('insecure_locks') && !options.includes('no_auth_nlm');
    case 'no_auth_nlm':
      return options.includes('insecure_locks');
    case 'insecure_locks':
      return options.includes('no_auth_nlm');
    case 'fsid=root':
      return options.includes('fsid=0');
    case 'secure':
      // `exportfs -v` leaves it out while nfsd does not run (seen with nfs-utils 2.6).
      return !options.includes('insecure');
    case 'hide':
      return !options.includes('nohide');
    default:
      return false;
  }
}

/** Debian 12, nfs-utils 2.6: `exportfs -v`. */
export const activeSample = `/srv/vms      	192.0.2.129(async,wdelay,hide,no_subtree_check,sec=sys,ro,secure,root_squash,no_all_squash)
/srv/vms      	192.0.2.0/25(sync,wdelay,hide,no_subtree_check,sec=sys,rw,secure,no_root_squash,no_all_squash)
/srv/iso      	<world>(sync,wdelay,hide,no_subtree_check,fsid=7,sec=sys,ro,secure,root_squash,no_all_squash)
`;
