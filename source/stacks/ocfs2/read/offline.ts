/** Takes the cluster `$1` offline: by Debian's init script, or Red Hat's of two generations. */
export const OFFLINE =
  'for s in /etc/init.d/o2cb /sbin/o2cb.init /usr/sbin/o2cb.init; do [ -x "$s" ] && exec "$s" offline "$1"; done; echo "there is no init script of o2cb" >&2; exit 1';

/** Brings it online anew: a second `start` does nothing where the first one found it disabled. */
export const RESTART =
  'if [ -d /run/systemd/system ]; then systemctl restart o2cb; else service o2cb restart; fi';
