/**
 * Runs what is left for the end of a turn of the event loop, when everything that had arrived has been read: many
 * connections share one immediate.
 */
export class Turn {
  #tasks: (() => void)[] = [];

  /** @param task must not throw. */
  atEnd(task: () => void): void {
    this.#tasks.push(task);
    if (this.#tasks.length === 1) setImmediate(this.#run);
  }

  readonly #run = (): void => {
    const tasks = this.#tasks;
    this.#tasks = [];
    for (const task of tasks) task();
  };
}
