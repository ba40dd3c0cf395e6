/** What a column would like to have. */
export interface Wish {
  /** The cells that all of its texts take. */
  readonly need: number;
  /** Its part of the room where there is not enough for all; any unit. */
  readonly share: number;
}

/**
 * The widths of columns side by side: each gets what it needs, and what it does not need of its share
 * goes to those that need more. What nobody needs is the last one's.
 */
export function shareOut(room: number, wishes: readonly Wish[]): readonly number[] {
  const widths = new Map<Wish, number>();
  let open = [...wishes];
  let left = Math.max(0, room);
  for (;;) {
    const shares = open.reduce((sum, { share }) => sum + share, 0);
    const part = ({ share }: Wish): number => Math.floor((left * share) / shares);
    const content = open.filter((wish) => wish.need <= part(wish));
    if (content.length === 0) {
      for (const wish of open) widths.set(wish, part(wish));
      break;
    }
    for (const wish of content) widths.set(wish, wish.need);
    left -= content.reduce((sum, { need }) => sum + need, 0);
    open = open.filter((wish) => !content.includes(wish));
  }
  const given = wishes.map((wish) => widths.get(wish) ?? 0);
  const over = Math.max(0, room) - given.reduce((sum, width) => sum + width, 0);
  return given.map((width, index) => (index === given.length - 1 ? width + over : width));
}
