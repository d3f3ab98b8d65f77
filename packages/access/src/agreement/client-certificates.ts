import { PolicyError } from "@fairlead/core";
import { identityFingerprint, type ClientCertificateRequest } from "@fairlead/tls";
import type { OnClientCertificate } from "../options.ts";
import type { Target } from "../target.ts";
import type { ClientIdentity } from "./connection-terms.ts";
import type { Round } from "./shared-questions.ts";

/** Answers that are remembered; past this the oldest is asked anew. */
const ANSWERS_LIMIT = 1024;

/**
 * Which client certificate is shown to which origin: what the application answered. Answers are remembered for as long as
 * the manager lives, and never stored, since a private key belongs to them.
 */
export class ClientCertificates {
  readonly #ask: OnClientCertificate;
  readonly #remembered = new Map<string, ClientIdentity | null>();

  constructor(ask: OnClientCertificate) {
    this.#ask = ask;
  }

  /** The answer to remember for an origin: `null` for none, `undefined` when there is no such answer. */
  recall(origin: string): ClientIdentity | null | undefined {
    return this.#remembered.get(origin);
  }

  forget(origin: string): void {
    this.#remembered.delete(origin);
  }

  forgetAll(): void {
    this.#remembered.clear();
  }

  /**
   * Asks the application, once for all requests of a round.
   *
   * @param request what the server asked for, where that is known.
   * @throws PolicyError CLIENT_CERTIFICATE_DECLINED; UsageError OPTION_INVALID for an identity without a certificate; or
   * what the application threw.
   */
  choose(
    target: Target,
    request: ClientCertificateRequest | undefined,
    round: Round,
    signal: AbortSignal | undefined,
  ): Promise<ClientIdentity | null> {
    const { authorities = [], keyTypes = [] } = request ?? {};
    return round.ask("client certificate", signal, async (nobodyWaits) => {
      const answer = await this.#ask({ origin: target.origin, authorities, keyTypes, signal: nobodyWaits });
      if (answer.type === "abort") {
        throw new PolicyError("CLIENT_CERTIFICATE_DECLINED", { peer: target.peer, operation: "request" });
      }
      const identity =
        answer.type === "none"
          ? null
          : { identity: answer.identity, fingerprint: identityFingerprint(answer.identity) };
      if (answer.remember === true) this.#remember(target.origin, identity);
      return identity;
    });
  }

  #remember(origin: string, identity: ClientIdentity | null): void {
    const [oldest] = this.#remembered.size < ANSWERS_LIMIT ? [] : this.#remembered.keys();
    if (oldest !== undefined) this.#remembered.delete(oldest);
    this.#remembered.set(origin, identity);
  }
}
