/** Where in the cluster a check belongs: what it is about, and what it may be a consequence of. */
export type Place =
  /** The data: may be a consequence of lost OSDs. */
  | 'pgs'
  /** The data, and never only a consequence. */
  | 'data'
  /** The OSDs that the detail names. */
  | 'osds'
  /** The raw space of all OSDs: what pools take theirs from. */
  | 'space'
  /** Pools: may be a consequence of a lack of raw space. */
  | 'pools'
  /** Groups of OSDs, such as a host: may be a consequence of lost OSDs. */
  | 'buckets'
  | 'monitors'
  | 'manager'
  | 'cluster';

/** What Holdfast knows of a health check. */
export interface CheckWords {
  readonly title: string;
  readonly place: Place;
  readonly means: string;
  readonly todo: string;
  /** It is graver than Ceph says. */
  readonly raise?: 'alert';
  /** It goes away by itself. */
  readonly heals?: true;
}
