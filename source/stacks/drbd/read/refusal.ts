/** Why DRBD would not have its peer, from the driver's own words. */
export type Refusal =
  /** An option that must be alike; the values where the driver prints them. */
  | {
      readonly kind: 'setting';
      readonly option: string;
      readonly mine?: string;
      readonly theirs?: string;
    }
  | { readonly kind: 'secret' }
  /** One side asks for a password, the other knows of none. */
  | { readonly kind: 'no authentication' }
  /** The drivers have no version of the network protocol in common. */
  | { readonly kind: 'versions' }
  | { readonly kind: 'size' }
  | { readonly kind: 'node id' }
  | { readonly kind: 'unrelated data' }
  | { readonly kind: 'other' };

type Of = (match: RegExpExecArray) => Refusal;

/** Source: drbd_receiver.c of 8.3, 8.4 and 9; the first that fits counts. */
const WORDS: readonly (readonly [RegExp, Of])[] = [
  [
    /Different (\S+) settings\.(?: me="([^"]*)" peer="([^"]*)")?/,
    ([, option = '', mine, theirs]) => ({
      kind: 'setting',
      option,
      ...(mine !== undefined && { mine }),
      ...(theirs !== undefined && { theirs }),
    }),
  ],
  [/incompatible (\S+) settings/, ([, option = '']) => ({ kind: 'setting', option })],
  [/incompatible communication protocols/, () => ({ kind: 'setting', option: 'protocol' })],
  [/uthentication of peer failed/, () => ({ kind: 'secret' })],
  [/AuthChallenge/, () => ({ kind: 'no authentication' })],
  [/incompatible (?:DRBD dialects|protocol)|at least protocol/, () => ({ kind: 'versions' })],
  [/disk size is too small/, () => ({ kind: 'size' })],
  [/presented a node_id/, () => ({ kind: 'node id' })],
  [/Unrelated data/, () => ({ kind: 'unrelated data' })],
];

/** Reads what a driver said when it refused its peer. */
export function readRefusal(text: string): Refusal {
  for (const [words, of] of WORDS) {
    const match = words.exec(text);
    if (match) return of(match);
  }
  return { kind: 'other' };
}

/** The options, as `section/key`, that must be mended; empty: it is not an option. */
export function optionsOf(refusal: Refusal): readonly string[] {
  switch (refusal.kind) {
    case 'setting':
      return [`net/${refusal.option}`];
    case 'secret':
      return ['net/shared-secret', 'net/cram-hmac-alg'];
    case 'no authentication':
      return ['net/cram-hmac-alg', 'net/shared-secret'];
    case 'node id':
    case 'versions':
    case 'size':
    case 'unrelated data':
    case 'other':
      return [];
  }
}
