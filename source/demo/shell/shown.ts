/** A path and what is there: a text, or a link's target. */
export type Entry = readonly [path: string, content: string];

/** What comes and goes on a machine: files, links, and folders that are there for nothing else. */
export interface Shown {
  readonly files: readonly Entry[];
  readonly links: readonly Entry[];
  /** That go with the last of what is in them. */
  readonly folders: readonly string[];
}
