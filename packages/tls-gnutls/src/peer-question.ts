import { errors } from "./gnutls-errors.ts";

/**
 * The question whether the peer is let in. GnuTLS asks for an answer at once, inside the handshake, and asks again when it
 * is told to wait.
 */
export class PeerQuestion {
  #found: string | undefined = "UNSPECIFIED";
  #state: "asked" | "admitted" | undefined;

  /** What GnuTLS's own verification found; `UNSPECIFIED` until it ran. */
  get found(): string | undefined {
    return this.#found;
  }

  /** Whether an answer is waited for. */
  get isOpen(): boolean {
    return this.#state === "asked";
  }

  get isAdmitted(): boolean {
    return this.#state === "admitted";
  }

  /** What GnuTLS is told: 0 goes on, E_AGAIN lets it wait. `verify` is called once. */
  ask(verify: () => string | undefined): number {
    if (this.#state === "admitted") return 0;
    if (this.#state === undefined) {
      this.#found = verify();
      this.#state = "asked";
    }
    return errors.again;
  }

  admit(): void {
    this.#state = "admitted";
  }
}
