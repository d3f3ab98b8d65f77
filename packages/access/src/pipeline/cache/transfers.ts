import type { RequestFacts } from "./request-facts.ts";
import type { Transfer } from "./transfer.ts";

/** Resources that are known to be of no use to others while they come. */
const UNSHARED_LIMIT = 1_000;

/** What is on its way, so that whoever asks for the same waits for it. */
export class Transfers {
  readonly #underWay = new Map<string, Transfer>();
  readonly #unshared = new Set<string>();

  find(facts: RequestFacts): Transfer | undefined {
    return this.#underWay.size === 0 ? undefined : this.#underWay.get(shareKey(facts));
  }

  /** Whether others should wait for a request: not where the last response was for one alone. */
  mayShare(facts: RequestFacts): boolean {
    return facts.isShareable && !this.#unshared.has(facts.key);
  }

  begin(facts: RequestFacts, transfer: Transfer): void {
    this.#underWay.set(shareKey(facts), transfer);
  }

  end(facts: RequestFacts, transfer: Transfer): void {
    const key = shareKey(facts);
    if (this.#underWay.get(key) === transfer) this.#underWay.delete(key);
  }

  /** Takes note of whether a response could have answered others, too. */
  learn({ key }: RequestFacts, isShared: boolean): void {
    if (isShared) {
      this.#unshared.delete(key);
      return;
    }
    if (this.#unshared.has(key)) return;
    const [oldest] = this.#unshared.size < UNSHARED_LIMIT ? [] : this.#unshared;
    if (oldest !== undefined) this.#unshared.delete(oldest);
    this.#unshared.add(key);
  }
}

function shareKey({ key, identity: { authorization, cookies, certificate } }: RequestFacts): string {
  return `${authorization} ${cookies} ${certificate} ${key}`;
}
