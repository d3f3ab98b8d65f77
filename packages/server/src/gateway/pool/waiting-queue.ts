import type { WorkerAnswer, WorkerRequest } from "../server-end/worker-call.ts";

/** No worker takes a request. */
export class NoWorkerError extends Error {
  readonly reason: "full" | "late" | "closed";

  constructor(reason: NoWorkerError["reason"]) {
    super(`no worker takes the request: ${messages[reason]}`);
    this.reason = reason;
  }

  override get name(): "NoWorkerError" {
    return "NoWorkerError";
  }
}

const messages = {
  full: "as many as may wait do",
  late: "none had room in time",
  closed: "the gateway is closed",
} as const;

interface Waiting {
  readonly request: WorkerRequest;
  readonly since: number;
  readonly resolve: (answer: Promise<WorkerAnswer>) => void;
  readonly reject: (error: unknown) => void;
}

/** Requests that wait for a worker, the first first. */
export class WaitingQueue {
  readonly #limit: number;
  readonly #milliseconds: number;
  #waiting: Waiting[] = [];
  #isClosed = false;

  constructor(limit: number, milliseconds: number) {
    this.#limit = limit;
    this.#milliseconds = milliseconds;
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** @returns what its worker answers; it rejects with a {@link NoWorkerError} where none does. */
  add(request: WorkerRequest): Promise<WorkerAnswer> {
    if (this.#isClosed) return Promise.reject(new NoWorkerError("closed"));
    if (this.#waiting.length >= this.#limit) return Promise.reject(new NoWorkerError("full"));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, since: performance.now(), resolve, reject });
    });
  }

  /** Gives the first to a worker. */
  next(hand: (request: WorkerRequest) => Promise<WorkerAnswer>): void {
    const first = this.#waiting.shift();
    first?.resolve(hand(first.request));
  }

  /** Lets those go that have waited for too long, or that nobody waits for. Returns how many are left. */
  sweep(now: number): number {
    const staying: Waiting[] = [];
    for (const each of this.#waiting) {
      const { signal } = each.request;
      if (signal.aborted) each.reject(signal.reason);
      else if (now - each.since > this.#milliseconds) each.reject(new NoWorkerError("late"));
      else staying.push(each);
    }
    this.#waiting = staying;
    return staying.length;
  }

  close(): void {
    this.#isClosed = true;
    for (const { reject } of this.#waiting) reject(new NoWorkerError("closed"));
    this.#waiting = [];
  }
}
