import { PolicyError } from "@fairlead/core";
import { identityFingerprint, type ClientCertificateRequest } from "@fairlead/tls";
import type { HopOptions } from "../dispatch.ts";
import type { OnClientCertificate } from "../options.ts";
import { originKey } from "../partition.ts";
import type { ClientIdentity } from "./connection-terms.ts";
import type { Round } from "./shared-questions.ts";

/** What asks: an origin, from a partition. */
type Asking = Pick<HopOptions, "target" | "exchange">;

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

  /** The answer that is remembered: `null` for none, `undefined` when there is no such answer. */
  recall(hop: Asking): ClientIdentity | null | undefined {
    return this.#remembered.get(originKey(hop.target, hop.exchange.partition));
  }

  forget(hop: Asking): void {
    this.#remembered.delete(originKey(hop.target, hop.exchange.partition));
  }

  /** Forgets the answers for an origin in every partition. */
  forgetOrigin(origin: string): void {
    for (const key of [...this.#remembered.keys()]) {
      if (key === origin || key.startsWith(`${origin} `)) this.#remembered.delete(key);
    }
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
  choose(hop: Asking, request: ClientCertificateRequest | undefined, round: Round): Promise<ClientIdentity | null> {
    const { authorities = [], keyTypes = [] } = request ?? {};
    const { target, exchange } = hop;
    return round.ask("client certificate", exchange.signal, async (nobodyWaits) => {
      const { origin } = target;
      const { partition } = exchange;
      const answer = await this.#ask({ origin, partition, authorities, keyTypes, signal: nobodyWaits });
      if (answer.type === "abort") {
        throw new PolicyError("CLIENT_CERTIFICATE_DECLINED", { peer: target.peer, operation: "request" });
      }
      const identity =
        answer.type === "none"
          ? null
          : { identity: answer.identity, fingerprint: identityFingerprint(answer.identity) };
      if (answer.remember === true) this.#remember(originKey(target, partition), identity);
      return identity;
    });
  }

  #remember(key: string, identity: ClientIdentity | null): void {
    const [oldest] = this.#remembered.size < ANSWERS_LIMIT ? [] : this.#remembered.keys();
    if (oldest !== undefined) this.#remembered.delete(oldest);
    this.#remembered.set(key, identity);
  }
}
