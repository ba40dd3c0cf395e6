/** What befell a run at which step, and what came of it. */
export class FaultTable {
  readonly #rows = new Map<string, Map<string, string>>();

  constructor(
    /** The steps, in their order. */
    readonly steps: readonly string[],
  ) {}

  note(fault: string, step: string, cell: string): void {
    const row = this.#rows.get(fault) ?? new Map<string, string>();
    this.#rows.set(fault, row.set(step, cell));
  }

  /** How many faults were noted. */
  get count(): number {
    return [...this.#rows.values()].reduce((sum, row) => sum + row.size, 0);
  }

  /** The table, and the count of all that was noted. */
  lines(ended: string): readonly string[] {
    const head = ['', ...this.steps];
    const rows = [...this.#rows].map(([fault, cells]) => [
      fault,
      ...this.steps.map((step) => cells.get(step) ?? '–'),
    ]);
    const widths = head.map((_, column) =>
      Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)),
    );
    const lines = [head, ...rows].map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
    const count = `${rows.length} faults × ${this.steps.length} steps: ${this.count} ${ended}`;
    return [...lines, count];
  }
}
