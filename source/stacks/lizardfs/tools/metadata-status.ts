import type { Parsed } from '../../../core/parsed.js';
import { natural, readRecord } from './porcelain.js';

/** How one metadata server stands. */
export interface MetadataStatus {
  /** `master`, `shadow` or `<unknown>`. */
  readonly personality: string;
  /** master: `running`; shadow: `connected` or `disconnected`; else `<unknown>`. */
  readonly status: string;
  /** The number of changes that its metadata has seen. */
  readonly metadataVersion: number;
  /** How long ago it wrote its metadata to disk, in s by its own clock; undefined: not told. */
  readonly savedSecondsAgo?: number;
}

/** A genuine output: LizardFS 3.13, a shadow whose master hangs. */
export const metadataStatusSample = 'shadow\tdisconnected\t448\n';

/** `metadataserver-status --porcelain`: the only question that a shadow answers, separated by TABs. */
export function parseMetadataStatus(text: string): Parsed<MetadataStatus> {
  return readRecord(text, 'personality, status and metadata version between TABs', readStatus);
}

function readStatus(line: string): MetadataStatus | undefined {
  const words = line.split('\t');
  const [personality = '', status = '', changes] = words;
  const metadataVersion = natural(changes);
  if (words.length !== 3 || personality === '' || Number.isNaN(metadataVersion)) return undefined;
  return { personality, status, metadataVersion };
}

/** Whether it is a master that serves. */
export function isMaster(status: Pick<MetadataStatus, 'personality' | 'status'>): boolean {
  return status.personality === 'master' && status.status === 'running';
}
