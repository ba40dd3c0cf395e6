import { reads } from '../../../core/host.js';
import { parsed, type Parsed } from '../../../core/parsed.js';
import type { Tool } from '../../../core/tool.js';
import { eachLine, LONGEST_LINE } from './lines.js';

/** A resource's volume and the minor that udev linked it to. */
export interface DeviceName {
  readonly resource: string;
  readonly volume: number;
  readonly minor: number;
}

/**
 * Reads the links of `/dev/drbd/by-res`: `r0/0 ../../../drbd0` since 8.4, `r0 ../../drbd0` in 8.3.
 * They are made when a device comes up and outlive a configuration that broke later.
 */
export function parseDeviceNames(text: string): Parsed<readonly DeviceName[]> {
  const names: DeviceName[] = [];
  const unread: string[] = [];
  for (const line of eachLine(text)) {
    if (line.trim() === '') continue;
    const match =
      line.length > LONGEST_LINE
        ? null
        : /^([^\s/]+)(?:\/(\d+))? (?:\S*\/)?drbd(\d+)$/.exec(line.trimEnd());
    const [, resource, volume, minor] = match ?? [];
    if (resource === undefined || minor === undefined) unread.push(line);
    else names.push({ resource, volume: Number(volume ?? 0), minor: Number(minor) });
  }
  return parsed(names, unread);
}

/** The links as `PATH TARGET`. Exit 1 where the folder is missing: no device is up. */
export const deviceNames: Tool<[], readonly DeviceName[]> = {
  command: () => reads(['find', '/dev/drbd/by-res', '-type', 'l', '-printf', '%P %l\\n']),
  parse: parseDeviceNames,
  readableAt: [1],
};
