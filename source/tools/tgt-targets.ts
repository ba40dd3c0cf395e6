import { notThis, parsed, type Parsed } from '../core/parsed.js';
import { linesOf } from '../core/text.js';

/** An iSCSI target that tgtd serves. */
export interface IscsiTarget {
  /** tgtd's number for it: what the commands take. */
  readonly tid: number;
  readonly name: string;
  /** `ready`, `offline`. */
  readonly state: string | null;
  /** Who is logged in. */
  readonly initiators: readonly Initiator[];
  /** What it serves, without tgtd's own controller: `/dev/tank/vol1`. */
  readonly stores: readonly string[];
  /** The addresses that may log in; `ALL`. */
  readonly allowed: readonly string[];
}

/** A host that is logged in at a target. */
export interface Initiator {
  readonly name: string;
  /** What it calls itself; null: it does not say. */
  readonly alias: string | null;
  /** Where its connections come from. */
  readonly addresses: readonly string[];
}

interface Open {
  tid: number;
  name: string;
  state: string | null;
  initiators: { name: string; alias: string | null; addresses: string[] }[];
  stores: string[];
  allowed: string[];
}

/** Settings of a LUN or a target that say nothing of who uses what. */
const PASSED_OVER =
  /^(?:Driver|Type|SCSI (?:ID|SN)|Size|Online|Removable media|Prevent removal|Readonly|SWP|Thin-provisioning|Backing store (?:type|flags)|Connection|RDMA IP Address|I_T nexus|LUN):/;
const SECTION = /^(System|I_T nexus|LUN|Account|ACL) information:/;

/** Reads `tgtadm --lld iscsi --mode target --op show` (tgt's tgt_target_show_all). */
export function parseTargets(text: string): Parsed<readonly IscsiTarget[]> {
  const targets: Open[] = [];
  const unread: string[] = [];
  let section = '';
  for (const raw of linesOf(text)) {
    const line = raw.trim();
    const [, tid, name] = /^Target (\d+): (\S+)$/.exec(line) ?? [];
    if (tid !== undefined && name !== undefined) {
      const open = { state: null, initiators: [], stores: [], allowed: [] };
      targets.push({ tid: Number(tid), name, ...open });
      section = '';
    } else if (SECTION.test(line)) section = SECTION.exec(line)?.[1] ?? '';
    else if (line !== '' && !read(targets.at(-1), section, line)) unread.push(raw);
  }
  if (targets.length === 0 && unread.length > 0) return notThis(1, 'a list of targets of tgtadm');
  return parsed(targets, unread);
}

function read(target: Open | undefined, section: string, line: string): boolean {
  if (!target) return false;
  if (section === 'ACL') return target.allowed.push(line) > 0;
  // Accounts are passwords' names: nothing that a reader of maps needs.
  if (section === 'Account') return true;
  const [, key = '', value = ''] = /^([^:]+): ?(.*)$/.exec(line) ?? [];
  if (key === 'State') target.state = value;
  else if (key === 'Initiator') {
    const [, name = value, alias = null] = /^(\S+)(?: alias: (.*))?$/.exec(value) ?? [];
    target.initiators.push({ name, alias: alias === 'none' ? null : alias, addresses: [] });
  } else if (key === 'IP Address') target.initiators.at(-1)?.addresses.push(value);
  else if (key === 'Backing store path') {
    if (value !== 'None' && value !== 'No backing store') target.stores.push(value);
  } else return PASSED_OVER.test(line);
  return true;
}
