import { isCodedError, TlsError, type CodedError } from "@fairlead/core";
import type { CertificateQuestion, ClientCertificateRequest } from "@fairlead/tls";
import type { CertificateErrors } from "../agreement/certificate-errors.ts";
import type { ClientCertificates } from "../agreement/client-certificates.ts";
import { HopBody } from "../agreement/hop-body.ts";
import { NO_TERMS, type ClientIdentity, type ConnectionTerms } from "../agreement/connection-terms.ts";
import { exceptionKey } from "../agreement/protocol/certificate-exception.ts";
import type { Round, SharedQuestions } from "../agreement/shared-questions.ts";
import type { Dispatch, DispatchController, DispatchHandler, HopOptions, ResponseFields, Stage } from "../dispatch.ts";
import type { EngineBody } from "../request-body.ts";
import type { RepeatReason } from "../transaction.ts";
import { originKey } from "../partition.ts";
import { PassingExchange } from "./passing-exchange.ts";

/** What agreeing needs of the manager. */
export interface AgreementRules {
  readonly questions: SharedQuestions;
  /** `undefined` when nobody is to be asked. */
  readonly clientCertificates: ClientCertificates | undefined;
  /** `undefined` when nobody is to be asked. */
  readonly certificateErrors: CertificateErrors | undefined;
  /** Whether a client certificate is asked for by a refusal that can be lost; see `mayHideRefusal`. */
  readonly refusesLate: boolean;
  /** What a server ends a connection with on which nothing is said. */
  readonly probe: (options: HopOptions) => Promise<unknown>;
}

/** How a connection is lost on which a client talks to a server that has refused it. */
const LOSS_CODES: ReadonlySet<string> = new Set(["CONNECTION_RESET", "RESPONSE_MISSING", "TRANSPORT_FAILED"]);

/**
 * Finds the terms on which server and application agree. A request that the server refuses for want of a client
 * certificate, or that is refused the server for its own, is put to the application, and repeated once with its answer.
 */
export function agree(rules: AgreementRules): Stage {
  return (next) => (options, handler) =>
    options.target.secure ? new AgreeingExchange(options, handler, rules, next).send() : next(options, handler);
}

class AgreeingExchange extends PassingExchange {
  readonly #options: HopOptions;
  readonly #rules: AgreementRules;
  readonly #next: Dispatch;
  readonly #round: Round;
  readonly #body: HopBody;
  #terms: ConnectionTerms;
  /** What was refused of the server, on the connection that failed last. */
  #refused: CertificateQuestion | undefined;
  /** The answer to a question inside the handshake, while it is awaited. */
  #choosing: Promise<ClientIdentity | null> | undefined;
  /** What the application ended the request with, inside the handshake. */
  #refusal: { readonly error: Error } | undefined;
  /** A response has begun: nothing is repeated any more. */
  #answered = false;

  constructor(options: HopOptions, handler: DispatchHandler, rules: AgreementRules, next: Dispatch) {
    super(handler);
    this.#options = options;
    this.#rules = rules;
    this.#next = next;
    const { target, hop } = options;
    this.#round = options.round ?? rules.questions.join(originKey(target, options.exchange.partition));
    const identity = rules.clientCertificates?.recall(options);
    const exceptions = rules.certificateErrors?.recall(target) ?? [];
    this.#terms = identity === undefined && exceptions.length === 0 ? NO_TERMS : { ...NO_TERMS, identity, exceptions };
    hop.isExcepted = exceptions.length > 0;
    this.#body = new HopBody(options);
  }

  send(): boolean {
    return this.#next(this.#optionsWith(this.#body.open()), this);
  }

  override onResponseStart(
    controller: DispatchController,
    status: number,
    fields: ResponseFields,
    message: string | undefined,
  ): void {
    if (status >= 200) {
      this.#answered = true;
      this.#body.release();
    }
    super.onResponseStart(controller, status, fields, message);
  }

  override onRequestUpgrade(...upgrade: Parameters<NonNullable<DispatchHandler["onRequestUpgrade"]>>): void {
    this.#answered = true;
    this.#body.release();
    super.onRequestUpgrade(...upgrade);
  }

  override onResponseError(controller: DispatchController, error: Error): void {
    const repetition = this.#answered ? undefined : this.#repetition(error);
    if (repetition === undefined) {
      this.#fail(controller, error);
      return;
    }
    repetition.terms.then(
      (terms) => {
        try {
          this.#repeat(terms, repetition.reason);
        } catch (failure) {
          this.#fail(controller, failure as Error);
        }
      },
      (failure: unknown) => {
        this.#fail(controller, failure as Error);
      },
    );
  }

  #fail(controller: DispatchController, error: Error): void {
    const { error: final } = this.#refusal ?? { error };
    this.#body.close(final);
    super.onResponseError(controller, final);
  }

  /** Finds what to repeat the request with, and why; `undefined` when it stays failed. */
  #repetition(error: Error): Repetition | undefined {
    if (!isCodedError(error) || this.#refusal !== undefined) return undefined;
    const { clientCertificates, certificateErrors } = this.#rules;
    const { target, hop } = this.#options;
    const mayAccept = certificateErrors?.allows(target) === true && !hop.repeats.includes("certificate-exception");
    if (this.#refused?.error === error && mayAccept) {
      return { reason: "certificate-exception", terms: this.#askForException(this.#refused, certificateErrors) };
    }
    if (clientCertificates === undefined) return undefined;
    const reason = "client-certificate";
    if (error.code === "CLIENT_CERTIFICATE_REJECTED") clientCertificates.forget(this.#options);
    if (this.#terms.identity !== undefined) return undefined;
    // The server did not wait as long as the application took; its answer is good for another connection.
    if (this.#choosing !== undefined) {
      return { reason, terms: this.#choosing.then((identity) => ({ ...this.#terms, identity })) };
    }
    if (error.code === "CLIENT_CERTIFICATE_REQUIRED")
      return { reason, terms: this.#askForIdentity(error, clientCertificates) };
    return this.#mayHideRefusal(error) ? { reason, terms: this.#findRefusal(error, clientCertificates) } : undefined;
  }

  /**
   * A client of TLS 1.3 is refused after its handshake, when it may be sending already: the system then answers with a
   * reset, which takes the place of the refusal.
   */
  #mayHideRefusal({ code }: CodedError): boolean {
    const { reused, tls } = this.#options.hop;
    return this.#rules.refusesLate && LOSS_CODES.has(code) && !reused && tls?.protocol === "TLSv1.3";
  }

  async #findRefusal(loss: Error, clientCertificates: ClientCertificates): Promise<ConnectionTerms> {
    const refusal = await this.#rules.probe(this.#optionsWith(null));
    this.#options.exchange.signal?.throwIfAborted();
    if (refusal instanceof TlsError && refusal.code === "CLIENT_CERTIFICATE_REQUIRED") {
      return this.#askForIdentity(refusal, clientCertificates);
    }
    throw loss;
  }

  async #askForIdentity(refusal: Error, clientCertificates: ClientCertificates): Promise<ConnectionTerms> {
    const { target } = this.#options;
    if (!this.#body.canRepeat) {
      throw new TlsError("CLIENT_CERTIFICATE_REQUIRED", {
        peer: target.peer,
        operation: "request",
        detail: "and the body was read already, so the request cannot be repeated with one",
        remedy: "pass a function that opens the body, or make a request without a body first and remember the answer",
        cause: refusal,
      });
    }
    const request = refusal instanceof TlsError ? refusal.clientCertificateRequest : undefined;
    const identity = await clientCertificates.choose(this.#options, request, this.#round);
    // A server that refused, instead of asking, has said what it makes of nobody.
    if (identity === null && request === undefined) throw refusal;
    return { ...this.#terms, identity };
  }

  /** Nothing was sent to the server yet, so that a body is whole still. */
  async #askForException(refused: CertificateQuestion, errors: CertificateErrors): Promise<ConnectionTerms> {
    const { exchange, target } = this.#options;
    if (!(await errors.decide(target, refused, this.#round, exchange.signal))) throw refused.error;
    return { ...this.#terms, exceptions: [...this.#terms.exceptions, exceptionKey(refused)] };
  }

  #repeat(terms: ConnectionTerms, reason: RepeatReason): void {
    const { exchange, hop } = this.#options;
    exchange.signal?.throwIfAborted();
    this.#terms = terms;
    this.#refused = undefined;
    hop.isExcepted = terms.exceptions.length > 0;
    hop.repeats = [...hop.repeats, reason];
    this.#next(this.#optionsWith(this.#body.open()), this);
  }

  #optionsWith(body: EngineBody): HopOptions {
    const { clientCertificates, certificateErrors } = this.#rules;
    return {
      ...this.#options,
      body,
      agreement: {
        terms: this.#terms,
        chooseIdentity:
          clientCertificates &&
          ((request): Promise<ClientIdentity | null> => this.#choose(request, clientCertificates)),
        judgeCertificate: certificateErrors && ((question): "accept" | "refuse" => this.#judge(question)),
      },
    };
  }

  #judge(question: CertificateQuestion): "accept" | "refuse" {
    const isKnown = this.#terms.exceptions.includes(exceptionKey(question));
    if (isKnown && this.#rules.certificateErrors?.allows(this.#options.target) === true) return "accept";
    this.#refused = question;
    return "refuse";
  }

  /** Asks from inside a handshake, which waits for the answer. */
  async #choose(request: ClientCertificateRequest, certificates: ClientCertificates): Promise<ClientIdentity | null> {
    this.#choosing = certificates.choose(this.#options, request, this.#round);
    try {
      return await this.#choosing;
    } catch (error) {
      this.#refusal = { error: error as Error };
      throw error;
    } finally {
      this.#choosing = undefined;
    }
  }
}

/** What a request is repeated with, once the application has said it, and why. */
interface Repetition {
  readonly terms: Promise<ConnectionTerms>;
  readonly reason: RepeatReason;
}
