const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

/** A number of bytes in binary units, three digits at most: `41.2 MiB`, `931 GiB`. */
export function bytes(n: number): string {
  if (!Number.isFinite(n)) return '–';
  let value = Math.abs(n);
  let unit = 0;
  while (value >= 999.5 && unit < BINARY.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${n < 0 ? '-' : ''}${value.toFixed(digits)} ${BINARY[unit] ?? ''}`;
}

/** Bytes per second: `41.2 MiB/s`. */
export function rate(bytesPerSecond: number): string {
  return `${bytes(bytesPerSecond)}/s`;
}

/** A length of time in its two largest units: `12 s`, `4 min`, `2 h 05 min`, `3 d 4 h`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  const minutes = Math.floor(s / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A share of 1 as a whole percentage that never rounds up to full or down to nothing: `62 %`. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return '–';
  const exact = share * 100;
  if (exact > 99 && exact < 100) return '99 %';
  if (exact > 0 && exact < 1) return '<1 %';
  return `${Math.round(exact)} %`;
}

/** Wall-clock time of day, local: `14:02:11`. */
export function clockTime(at: number): string {
  const date = new Date(at);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
