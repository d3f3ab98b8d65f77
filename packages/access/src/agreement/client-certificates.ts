import { PolicyError } from "@fairlead/core";
import { identityFingerprint, type ClientCertificateRequest } from "@fairlead/tls";
import type { Exchange } from "../exchange.ts";
import type { Forgetful, ForgetScope } from "../forget/scope.ts";
import { hostsOfUrls } from "../memory/readers/hosts.ts";
import type { OnClientCertificate } from "../options.ts";
import type { Target } from "../target.ts";
import type { ClientIdentity } from "./connection-terms.ts";
import type { Round } from "./shared-questions.ts";
import type { IdentityQuestion, StoredIdentities } from "./stored-identities.ts";

/** What asks: an origin, from a partition. */
export interface Asking {
  readonly target: Target;
  readonly exchange: Pick<Exchange, "partition" | "signal">;
}

/** Answers that are remembered; past this the oldest is asked anew. */
const ANSWERS_LIMIT = 1024;

/** What client certificates need of the manager. */
export interface ClientCertificateParts {
  readonly ask: OnClientCertificate;
  readonly stored: StoredIdentities;
  readonly now: () => number;
}

/**
 * Which client certificate is shown to which origin: what the application answered. Answers are remembered for as long as
 * the manager lives. Which they were may be stored, and the answer itself never is, since a private key belongs to it.
 */
export class ClientCertificates implements Forgetful {
  readonly #ask: OnClientCertificate;
  readonly #stored: StoredIdentities;
  readonly #now: () => number;
  readonly #remembered = new Map<string, Remembered>();
  /** Who refused a stream for want of one, after its handshake. */
  readonly #lateRefusals = new Set<string>();

  constructor({ ask, stored, now }: ClientCertificateParts) {
    this.#ask = ask;
    this.#stored = stored;
    this.#now = now;
    // What others forgot, or chose anew, is asked anew.
    stored.follow((origin, partition) => {
      const key = keyOf(origin, partition);
      if (this.#remembered.get(key)?.isStored === true) this.#remembered.delete(key);
    });
  }

  /** The answer that is remembered: `null` for none, `undefined` when there is no such answer. */
  recall({ target, exchange }: Asking): ClientIdentity | null | undefined {
    return this.#remembered.get(keyOf(target.origin, exchange.partition))?.identity;
  }

  /** The server was silent in its handshake, and refused the open stream for want of a certificate: TLS 1.3 allows that. */
  noteLateRefusal({ target, exchange }: Asking): void {
    const [oldest] = this.#lateRefusals.size < ANSWERS_LIMIT ? [] : this.#lateRefusals;
    if (oldest !== undefined) this.#lateRefusals.delete(oldest);
    this.#lateRefusals.add(keyOf(target.origin, exchange.partition));
  }

  /** Whether the server is known to want one, so that the application is asked beforehand. */
  isWanted({ target, exchange }: Asking): boolean {
    return this.#lateRefusals.has(keyOf(target.origin, exchange.partition));
  }

  /** The server refused what it was shown. */
  forget({ target: { origin }, exchange: { partition } }: Asking): void {
    this.#remembered.delete(keyOf(origin, partition));
    this.#stored.forget(origin, partition);
  }

  /** Forgets the answers for an origin in every partition. */
  forgetOrigin(origin: string): void {
    for (const [key, known] of [...this.#remembered]) if (known.origin === origin) this.#remembered.delete(key);
    this.#stored.forget(origin);
  }

  forgetAll(): void {
    this.#lateRefusals.clear();
    this.#remembered.clear();
    this.#stored.forget(undefined);
  }

  /** What is stored has been forgotten, before. */
  forgetWithin(scope: ForgetScope): number {
    // It is learned again for one more connection.
    this.#lateRefusals.clear();
    let forgotten = 0;
    for (const [key, { origin, partition, isStored, learnedAt }] of [...this.#remembered]) {
      const isGone = isStored
        ? !this.#stored.holds(origin, partition)
        : scope.covers(hostsOfUrls(origin, partition), learnedAt);
      if (!isGone) continue;
      this.#remembered.delete(key);
      if (!isStored) forgotten += 1;
    }
    return forgotten;
  }

  /**
   * Asks the application, once for all requests of a round; where it chose to be nobody, for good, it is not asked.
   *
   * @param request what the server asked for, where that is known.
   * @throws PolicyError CLIENT_CERTIFICATE_DECLINED; UsageError OPTION_INVALID for an identity without a certificate; or
   * what the application threw.
   */
  choose(hop: Asking, request: ClientCertificateRequest | undefined, round: Round): Promise<ClientIdentity | null> {
    const { authorities = [], keyTypes = [] } = request ?? {};
    const { target, exchange } = hop;
    return round.ask("client certificate", exchange.signal, async (nobodyWaits) => {
      const question: IdentityQuestion = { origin: target.origin, partition: exchange.partition, authorities };
      const chosenBefore = this.#stored.find(question);
      if (chosenBefore === null) return null;
      const answer = await this.#ask({ ...question, keyTypes, chosenBefore, signal: nobodyWaits });
      if (answer.type === "abort") {
        throw new PolicyError("CLIENT_CERTIFICATE_DECLINED", { peer: target.peer, operation: "request" });
      }
      const identity =
        answer.type === "none"
          ? null
          : { identity: answer.identity, fingerprint: identityFingerprint(answer.identity) };
      const isStored = answer.remember === "store";
      if (isStored) this.#stored.keep(question, identity?.fingerprint ?? null);
      if (isStored || answer.remember === true) this.#remember(question, identity, isStored);
      return identity;
    });
  }

  #remember({ origin, partition }: IdentityQuestion, identity: ClientIdentity | null, isStored: boolean): void {
    const [oldest] = this.#remembered.size < ANSWERS_LIMIT ? [] : this.#remembered.keys();
    if (oldest !== undefined) this.#remembered.delete(oldest);
    this.#remembered.set(keyOf(origin, partition), { origin, partition, identity, isStored, learnedAt: this.#now() });
  }
}

interface Remembered {
  readonly origin: string;
  readonly partition: string;
  readonly identity: ClientIdentity | null;
  /** Whether there is a record of it. */
  readonly isStored: boolean;
  readonly learnedAt: number;
}

function keyOf(origin: string, partition: string): string {
  return `${partition} ${origin}`;
}
