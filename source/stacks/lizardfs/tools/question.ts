import type { Failure } from '../../../core/failure.js';

/** Where clients and the tool reach a metadata server. */
export interface Place {
  /** An address or a name. */
  readonly host: string;
  readonly port: number;
}

/** The port for clients and for the tool. */
export const CLIENT_PORT = 9421;

/** `10.0.0.1:9421` */
export function placeName({ host, port }: Place): string {
  return `${host}:${port}`;
}

/** What became of one question among several. */
export type Part<T> =
  | { readonly state: 'known'; readonly value: T; readonly unread: readonly string[] }
  /** The tool failed underway: what it had printed until then. */
  | {
      readonly state: 'partial';
      readonly value: T;
      readonly unread: readonly string[];
      readonly failure: Failure;
    }
  | { readonly state: 'failed'; readonly failure: Failure };

/** The value of a part, be it only a part of it. */
export function valueOf<T>(part: Part<T>): T | undefined {
  return 'value' in part ? part.value : undefined;
}

/** Why a part is not whole; undefined where it is. */
export function failureOf(part: Part<unknown>): Failure | undefined {
  return 'failure' in part ? part.failure : undefined;
}

/** The lines of a part's answer that nobody understood. */
export function unreadOf(part: Part<unknown>): readonly string[] {
  return 'unread' in part ? part.unread : [];
}

/** What happened when one of several servers took the question and let the tool wait. */
export const WENT_SILENT = 'a server took the question and said nothing for 5 s';

/** What happened when a place refused the connection. */
export function refusedAt(place: string): string {
  return `nothing answers at ${place}`;
}
