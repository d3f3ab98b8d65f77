import { TimeoutError } from "@fairlead/core";

/** The time that a server has to let somebody in. It stands still while the application is asked. */
export class Patience implements Disposable {
  readonly #peer: string;
  readonly #allowed: number;
  readonly #ended = new AbortController();
  #left: number;
  #since = 0;
  #timer: NodeJS.Timeout | undefined;
  #questions = 0;

  constructor(peer: string, milliseconds: number) {
    this.#peer = peer;
    this.#allowed = milliseconds;
    this.#left = milliseconds;
    this.#run();
  }

  /** Fires with a TimeoutError when there is none left. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** Lets time stand still until there is an answer. */
  async while<Answer>(answer: () => Promise<Answer>): Promise<Answer> {
    this.#questions += 1;
    if (this.#questions === 1) this.#stop();
    try {
      return await answer();
    } finally {
      this.#questions -= 1;
      if (this.#questions === 0) this.#run();
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#left = 0;
  }

  #run(): void {
    if (this.#left <= 0) return;
    this.#since = performance.now();
    this.#timer = setTimeout(() => {
      const detail = `the server had ${String(this.#allowed)} ms to let the user in`;
      this.#ended.abort(new TimeoutError("connect", { peer: this.#peer, operation: "connect", detail }));
    }, this.#left);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#left = Math.max(1, this.#left - (performance.now() - this.#since));
  }
}
