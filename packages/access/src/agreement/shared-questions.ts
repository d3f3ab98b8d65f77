import { untilAborted } from "../until-aborted.ts";

/** Puts one question to the application; its signal fires when nobody waits for the answer any more. */
export type Put<Answer> = (signal: AbortSignal) => Answer | Promise<Answer>;

/** Origins whose latest round is kept; a request to one that was dropped shares its question with later ones only. */
const ORIGINS_LIMIT = 1024;

/**
 * The questions that requests share while they are under way together. Requests to an origin join its open round, and
 * what is asked in a round is asked once; once it has been answered, requests that begin make a new round.
 */
export class SharedQuestions {
  readonly #ending: AbortSignal;
  readonly #open = new Map<string, Round>();

  /** @param ending fires when nobody is to be waited for any longer. */
  constructor(ending: AbortSignal) {
    this.#ending = ending;
  }

  /** The round that a request to this origin takes part in for as long as it lasts. */
  join(origin: string): Round {
    const open = this.#open.get(origin);
    if (open !== undefined) return open;
    const round = new Round(this.#ending, () => {
      if (this.#open.get(origin) === round) this.#open.delete(origin);
    });
    const [oldest] = this.#open.size < ORIGINS_LIMIT ? [] : this.#open.keys();
    if (oldest !== undefined) this.#open.delete(oldest);
    this.#open.set(origin, round);
    return round;
  }
}

interface Asked {
  answer: Promise<unknown> | undefined;
  readonly nobodyWaits: AbortController;
  waiting: number;
  isAnswered: boolean;
}

/** What requests to one origin that are under way together have asked. */
export class Round {
  readonly #ending: AbortSignal;
  readonly #onAnswered: () => void;
  readonly #asked = new Map<string, Asked>();

  constructor(ending: AbortSignal, onAnswered: () => void) {
    this.#ending = ending;
    this.#onAnswered = onAnswered;
  }

  /**
   * Asks, or waits for the answer to the same question.
   *
   * @param what names the question; who names the same one gets the same answer.
   * @throws what the application threw; the signal's reason, or that of the end.
   */
  async ask<Answer>(what: string, signal: AbortSignal | undefined, put: Put<Answer>): Promise<Answer> {
    this.#ending.throwIfAborted();
    signal?.throwIfAborted();
    const known = this.#asked.get(what);
    const asked = known ?? { nobodyWaits: new AbortController(), answer: undefined, waiting: 0, isAnswered: false };
    this.#asked.set(what, asked);
    asked.waiting += 1;
    try {
      // The name of a question stands for the type of its answer.
      return (await untilAborted([this.#ending, signal], () => (asked.answer ??= this.#put(asked, put)))) as Answer;
    } finally {
      asked.waiting -= 1;
      if (asked.waiting === 0 && !asked.isAnswered) {
        this.#asked.delete(what);
        asked.nobodyWaits.abort();
      }
    }
  }

  #put(asked: Asked, put: Put<unknown>): Promise<unknown> {
    const answer = (async (): Promise<unknown> => put(asked.nobodyWaits.signal))().finally(() => {
      asked.isAnswered = true;
      this.#onAnswered();
    });
    // Whoever waits hears it; when nobody does any more, nobody needs to.
    answer.catch(() => undefined);
    return answer;
  }
}
