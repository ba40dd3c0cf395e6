import { outcomeFailure } from '../../../core/failure.js';
import { reads, type Reader } from '../../../core/host.js';
import { parseFlavour, type Flavour } from './parse.js';

/**
 * Asks for all that is called otherwise from one generation to the next, one fact a line. Of config
 * files only settings about files, folders and users are told: never a password. Config lines keep
 * their commented defaults, so only what is set counts.
 */
export const FLAVOUR_SCRIPT = [
  '(. /etc/os-release 2>/dev/null; echo "os $ID $VERSION_ID"; echo "like $ID_LIKE"; echo "name $PRETTY_NAME")',
  '(. /etc/xensource-inventory 2>/dev/null; [ -n "$PRODUCT_VERSION" ] && echo "product ${PRODUCT_BRAND:-XenServer} $PRODUCT_VERSION")',
  'command -v pveversion >/dev/null 2>&1 && echo "proxmox $(pveversion 2>/dev/null)"',
  'for m in dnf yum apt-get; do command -v "$m" >/dev/null 2>&1 && { echo "manager $m"; break; }; done',
  'if command -v rpm >/dev/null 2>&1; then rpm -q --qf "glibc %{VERSION}-%{RELEASE}\\n" glibc 2>/dev/null | grep "^glibc [0-9]" | head -n 1; rpm -qa --qf "package %{NAME} %{VERSION}-%{RELEASE}\\n" "lizardfs*" "saunafs*" "moosefs*" 2>/dev/null; fi',
  'command -v dpkg-query >/dev/null 2>&1 && dpkg-query -W -f "\\${db:Status-Abbrev}package \\${Package} \\${Version}\\n" "lizardfs*" "saunafs*" "moosefs*" 2>/dev/null | sed -n "s/^ii *//p"',
  'for d in /etc/mfs /etc/lizardfs /etc/saunafs; do [ -d "$d" ] || continue; echo "folder $d"; for f in "$d"/*; do [ -f "$f" ] && echo "file $f"; done; done',
  'for f in /usr/share/doc/lizardfs-*/examples/* /usr/share/doc/saunafs-*/examples/* /usr/share/doc/moosefs-*/examples/*; do [ -f "$f" ] && echo "file $f"; done',
  'for d in /var/lib/mfs /var/lib/lizardfs /var/lib/saunafs; do [ -d "$d" ] && echo "data $d"; done',
  'for f in /etc/mfs/mfschunkserver.cfg /etc/lizardfs/mfschunkserver.cfg /etc/saunafs/sfschunkserver.cfg /etc/mfs/mfsmaster.cfg /etc/lizardfs/mfsmaster.cfg /etc/saunafs/sfsmaster.cfg; do [ -r "$f" ] && grep -E "^[[:blank:]]*(HDD_CONF_FILENAME|WORKING_USER|WORKING_GROUP|DATA_PATH|EXPORTS_FILENAME|CUSTOM_GOALS_FILENAME)[[:blank:]]*=" "$f" | sed "s,^[[:blank:]]*,set $f ,"; done',
  'for f in /etc/default/lizardfs-* /etc/default/saunafs-*; do grep -qE "^[A-Z]+_ENABLE=" "$f" 2>/dev/null && echo "switch $f"; done',
  'for u in mfs lizardfs saunafs; do id -u "$u" >/dev/null 2>&1 && echo "user $u $(id -gn "$u")"; done',
  'for p in sfsmaster mfsmaster sfschunkserver mfschunkserver lizardfs-chunkserver saunafs-chunkserver sfsmetalogger mfsmetalogger sfsmount mfsmount lizardfs saunafs lizardfs-uraft saunafs-uraft lizardfs-admin saunafs-admin lizardfs-probe mfscli; do command -v "$p" 2>/dev/null | sed "s/^/program /"; done',
  // Unit files lie about in containers too; only a systemd that runs can start what they name (sd_booted(3)).
  '[ -d /run/systemd/system ] && for u in lizardfs-chunkserver saunafs-chunkserver mfschunkserver moosefs-chunkserver lizardfs-master saunafs-master moosefs-master lizardfs-ha-master lizardfs-metalogger saunafs-metalogger moosefs-metalogger lizardfs-uraft saunafs-uraft; do systemctl cat "$u.service" >/dev/null 2>&1 && echo "unit $u.service $(systemctl show -p CanReload -p ActiveState -p UnitFileState "$u.service" | tr "\\n" " ")"; done',
  'ps -e -o comm= | grep -E "^[[:blank:]]*((mfs|sfs)(master|chunkserver|metalogger|mount)|(lizardfs|saunafs)-)" | sed "s/^ */runs /"',
  'for a in $(hostname -I 2>/dev/null || ip -o addr show scope global 2>/dev/null | sed "s,.* inet6* \\([^ /]*\\).*,\\1,"); do echo "address $a"; done',
  'true',
].join('\n');

/** What a host has of the file system, or why that is not known. */
export type Look =
  | { readonly ok: true; readonly flavour: Flavour }
  | { readonly ok: false; readonly because: string };

/** Looks at a host: one reading command. Never rejects. */
export async function lookAtFlavour(host: Reader): Promise<Look> {
  const command = reads(['sh', '-c', FLAVOUR_SCRIPT], 20_000);
  const outcome = await host.run(command);
  if (outcome.kind === 'exited' && outcome.code === 0) {
    return { ok: true, flavour: parseFlavour(outcome.stdout) };
  }
  return { ok: false, because: outcomeFailure(host.name, command, outcome).what };
}
