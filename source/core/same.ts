/** Names that mean one thing, joined as they are told (disjoint sets, with halved paths). */
export class Same {
  readonly #parents = new Map<string, string>();

  /** All these are one; the first is the name that it goes by, if nothing said otherwise before. */
  join(names: readonly string[]): void {
    const [first, ...others] = names;
    if (first === undefined) return;
    for (const other of others) {
      const [above, below] = [this.of(first), this.of(other)];
      if (above !== below) this.#parents.set(below, above);
    }
  }

  /** The one name that stands for all that mean the same. */
  of(name: string): string {
    let at = name;
    for (let up = this.#parents.get(at); up !== undefined; up = this.#parents.get(at)) {
      const next = this.#parents.get(up);
      if (next === undefined) return up;
      this.#parents.set(at, next);
      at = next;
    }
    return at;
  }
}
