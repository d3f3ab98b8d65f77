import { isCodedError, TlsError, type CodedError } from "@fairlead/core";
import type { CertificateQuestion } from "@fairlead/tls";
import type { Agreement } from "./agreement.ts";
import type { CertificateErrors } from "./certificate-errors.ts";
import type { Asking, ClientCertificates } from "./client-certificates.ts";
import { NO_TERMS, type ClientIdentity, type ConnectionTerms } from "./connection-terms.ts";
import { exceptionKey } from "./protocol/certificate-exception.ts";
import type { Round, SharedQuestions } from "./shared-questions.ts";
import { originKey } from "../partition.ts";

/** What agreeing needs of the manager. */
export interface ConnectionAgreementRules {
  readonly questions: SharedQuestions;
  /** `undefined` when nobody is to be asked. */
  readonly clientCertificates: ClientCertificates | undefined;
  /** `undefined` when nobody is to be asked. */
  readonly certificateErrors: CertificateErrors | undefined;
}

/**
 * Opens a connection on the terms on which server and application agree. Where the server refuses it for want of a client
 * certificate, or is refused for its own, the application is asked, and it is opened once more with the answer.
 *
 * @throws what `open` failed with in the end; PolicyError CLIENT_CERTIFICATE_DECLINED; or what the application threw.
 */
export function agreeOnConnection<Opened>(
  asking: Asking,
  rules: ConnectionAgreementRules,
  open: (agreement: Agreement) => Promise<Opened>,
): Promise<Opened> {
  return new ConnectionAgreement(asking, rules).reach(open);
}

class ConnectionAgreement {
  readonly #asking: Asking;
  readonly #rules: ConnectionAgreementRules;
  readonly #round: Round;
  #terms: ConnectionTerms;
  /** What was refused of the server, on the connection that failed last. */
  #refused: CertificateQuestion | undefined;
  /** The answer to a question inside the handshake. */
  #chosen: ClientIdentity | null | undefined;
  /** What the application ended the opening with, inside the handshake. */
  #refusal: { readonly error: unknown } | undefined;

  constructor(asking: Asking, rules: ConnectionAgreementRules) {
    this.#asking = asking;
    this.#rules = rules;
    const { target, exchange } = asking;
    this.#round = rules.questions.join(originKey(target, exchange.partition));
    const identity = rules.clientCertificates?.recall(asking);
    const exceptions = rules.certificateErrors?.recall(target) ?? [];
    this.#terms = { ...NO_TERMS, identity, exceptions };
  }

  async reach<Opened>(open: (agreement: Agreement) => Promise<Opened>): Promise<Opened> {
    const { clientCertificates } = this.#rules;
    if (this.#terms.identity === undefined && clientCertificates?.isWanted(this.#asking) === true) {
      await this.#askForIdentity(undefined, clientCertificates);
    }
    for (;;) {
      try {
        return await open(this.#agreement());
      } catch (error) {
        if (this.#refusal !== undefined) throw this.#refusal.error;
        if (!isCodedError(error) || !(await this.#mayRepeat(error))) throw error;
        this.#asking.exchange.signal?.throwIfAborted();
      }
    }
  }

  /** Asks the application what there is to ask after a failure. */
  async #mayRepeat(error: CodedError & Error): Promise<boolean> {
    const { clientCertificates, certificateErrors } = this.#rules;
    const { target, exchange } = this.#asking;
    const refused = this.#refused;
    this.#refused = undefined;
    if (refused?.error === error && certificateErrors?.allows(target) === true) {
      // Asked about each certificate once.
      if (this.#terms.exceptions.includes(exceptionKey(refused))) return false;
      if (!(await certificateErrors.decide(target, refused, this.#round, exchange.signal))) return false;
      this.#terms = { ...this.#terms, exceptions: [...this.#terms.exceptions, exceptionKey(refused)] };
      return true;
    }
    if (clientCertificates === undefined) return false;
    if (error.code === "CLIENT_CERTIFICATE_REJECTED") clientCertificates.forget(this.#asking);
    if (this.#terms.identity !== undefined) return false;
    // The server did not wait as long as the application took; its answer is good for another connection.
    if (this.#chosen !== undefined) {
      this.#terms = { ...this.#terms, identity: this.#chosen };
      return true;
    }
    if (error.code !== "CLIENT_CERTIFICATE_REQUIRED") return false;
    await this.#askForIdentity(error, clientCertificates);
    return true;
  }

  async #askForIdentity(refusal: Error | undefined, certificates: ClientCertificates): Promise<void> {
    const request = refusal instanceof TlsError ? refusal.clientCertificateRequest : undefined;
    const identity = await certificates.choose(this.#asking, request, this.#round);
    // A server that refused, instead of asking, has said what it makes of nobody.
    if (identity === null && request === undefined && refusal !== undefined) throw refusal;
    this.#terms = { ...this.#terms, identity };
  }

  #agreement(): Agreement {
    const { clientCertificates, certificateErrors } = this.#rules;
    return {
      terms: this.#terms,
      chooseIdentity:
        clientCertificates &&
        (async (request) => {
          try {
            return (this.#chosen = await clientCertificates.choose(this.#asking, request, this.#round));
          } catch (error) {
            this.#refusal = { error };
            throw error;
          }
        }),
      judgeCertificate: certificateErrors && ((question) => this.#judge(question, certificateErrors)),
    };
  }

  #judge(question: CertificateQuestion, certificateErrors: CertificateErrors): "accept" | "refuse" {
    const isKnown = this.#terms.exceptions.includes(exceptionKey(question));
    if (isKnown && certificateErrors.allows(this.#asking.target)) return "accept";
    this.#refused = question;
    return "refuse";
  }
}
