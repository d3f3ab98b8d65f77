/** What is to be closed when something is over: the last that was added first. AsyncDisposableStack, which Node 22 has not. */
export class Closing implements AsyncDisposable {
  readonly #parts: AsyncDisposable[] = [];

  /** @returns what was given. */
  use<Part extends AsyncDisposable>(part: Part): Part {
    this.#parts.push(part);
    return part;
  }

  defer(close: () => Promise<void>): void {
    this.#parts.push({ [Symbol.asyncDispose]: close });
  }

  /** Each is closed, whatever another does; what is thrown first is thrown. */
  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = [];
    for (let part = this.#parts.pop(); part !== undefined; part = this.#parts.pop()) {
      await Promise.resolve(part[Symbol.asyncDispose]()).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }
}
