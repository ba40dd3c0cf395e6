/** Something that can be made to happen in a simulated fleet, from a menu in the console. */
export interface Incident {
  readonly id: string;
  /** `pull a path of xs-2`. */
  readonly title: string;
  /** What it is good for. */
  readonly says: string;
  readonly run: () => void;
}
