import type { Tone } from '../../../core/pane.js';
import type { View } from '../view.js';

/** The tone of what the monitors know: they go on without a manager. */
export function current(view: View, tone: Tone): Tone {
  return view.stale ? 'unknown' : tone;
}

/** The tone of what only the manager gathers. */
export function gathered(view: View, tone: Tone): Tone {
  return view.stale || view.frozen ? 'unknown' : tone;
}

/** How the status itself is drawn; findings beneath it may be graver. */
export function healthTone(health: string | null): Tone {
  switch (health) {
    case 'HEALTH_OK':
      return 'good';
    case 'HEALTH_WARN':
      return 'warning';
    case 'HEALTH_ERR':
      return 'alert';
    default:
      return 'unknown';
  }
}
