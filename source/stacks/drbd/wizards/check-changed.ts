/**
 * Lets drbdadm read the new file together with all others before it takes effect: $1 holds the new text,
 * $2 the file that it replaces, $3 the resource. Includes are relative to the folder of their file, so the
 * copy of /etc/drbd.conf names them whole, the replaced file left out.
 */
export const CHECK_CHANGED = [
  'd=$(mktemp -d) || exit 1; trap \'rm -rf "$d"\' EXIT',
  'n=0; for f in /etc/drbd.d/global_common.conf /etc/drbd.d/*.res; do [ -e "$f" ] || continue; [ "$(readlink -f "$f")" = "$(readlink -f "$2")" ] || printf "include \\"%s\\";\\n" "$f"; done > "$d/all.conf"',
  'printf "include \\"%s\\";\\n" "$1" >> "$d/all.conf"',
  'drbdadm -c "$d/all.conf" dump "$3" >/dev/null',
].join('; ');
