import { X509Certificate } from "node:crypto";
import type {
  AuthenticationAnswer,
  AuthenticationQuestion,
  CertificateErrorAnswer,
  CertificateErrorQuestion,
  ClientCertificateAnswer,
  ClientCertificateQuestion,
  NetworkAccessManagerOptions,
  RedirectQuestion,
} from "@fairlead/access";
import { UsageError } from "@fairlead/core";
import { redactUrls } from "@fairlead/http/redaction";
import { identityFingerprint, type TlsIdentity } from "@fairlead/tls";
import { describeDistinguishedName } from "@fairlead/tls/certificates";
import type { OfferedIdentity, QuestionAnswer, ShownQuestion } from "../protocol/index.ts";
import { pemChain, type RefusedCertificates } from "./peer-certificates.ts";
import { showProblem } from "./transaction-view.ts";

/** Told of questions as they come and go. */
export interface QuestionListener {
  asked(question: ShownQuestion): void;
  gone(id: number): void;
}

/** How questions are put. */
export interface QuestionOptions {
  /** Client certificates that may be shown. */
  readonly identities?: readonly TlsIdentity[];
  /** Whether the manager's store keeps credentials; false by default. */
  readonly canStore?: boolean;
  /** How long a question waits when the last page has gone, which may have been loaded again. 10,000 by default. */
  readonly absenceMilliseconds?: number;
}

/** A question without its number. */
type Unnumbered = ShownQuestion extends infer Each ? (Each extends ShownQuestion ? Omit<Each, "id"> : never) : never;

interface OpenQuestion {
  readonly shown: ShownQuestion;
  readonly answer: (answer: QuestionAnswer) => void;
}

/** Questions that are open at the same time; past this they are refused at once. */
const QUESTIONS_LIMIT = 100;
/** An exception that a person makes while looking at something else should not outlive the week. */
const EXCEPTION_MILLISECONDS = 7 * 24 * 60 * 60 * 1_000;
/** Authorities of one question that are shown. */
const AUTHORITIES_LIMIT = 200;

const REFUSED: QuestionAnswer = { type: "refuse" };

/**
 * Has the person in front of the page answer what a manager asks. Where no page is open everything is refused, and a
 * question whose last page goes is, after a while.
 *
 * @example
 * const questions = new Questions();
 * const manager = await openNetworkAccessManager({ ...questions.handlers });
 * const inspection = inspect(manager, { questions });
 */
export class Questions {
  readonly #identities: readonly OfferedClientIdentity[];
  readonly #canStore: boolean;
  readonly #absenceMilliseconds: number;
  readonly #open = new Map<number, OpenQuestion>();
  readonly #refused = new WeakMap<Error, RefusedCertificates>();
  #listener: QuestionListener | undefined;
  #lastId = 0;
  #pages = 0;
  /** Whether there is a page, or was one a moment ago. */
  #isAttended = false;
  #absence: NodeJS.Timeout | undefined;

  constructor({ identities = [], canStore = false, absenceMilliseconds = 10_000 }: QuestionOptions = {}) {
    this.#identities = identities.map(offer);
    this.#canStore = canStore;
    this.#absenceMilliseconds = absenceMilliseconds;
  }

  /** What the manager is opened with. */
  get handlers(): Required<
    Pick<NetworkAccessManagerOptions, "onAuthenticate" | "onClientCertificate" | "onCertificateError" | "onRedirect">
  > {
    return {
      onAuthenticate: this.#onAuthenticate,
      onClientCertificate: this.#onClientCertificate,
      onCertificateError: this.#onCertificateError,
      onRedirect: this.#onRedirect,
    };
  }

  /** Tells somebody of what is asked from now on. */
  follow(listener: QuestionListener): void {
    this.#listener = listener;
  }

  list(): readonly ShownQuestion[] {
    return Array.from(this.#open.values(), ({ shown }) => shown);
  }

  /** The certificates that were refused with an error; `undefined` where it was another matter. */
  refused(error: Error): RefusedCertificates | undefined {
    for (let at: unknown = error; at instanceof Error; at = at.cause) {
      const refused = this.#refused.get(at);
      if (refused !== undefined) return refused;
    }
    return undefined;
  }

  /** A page is there that can answer, until what is returned is disposed of. */
  attend(): Disposable {
    this.#pages += 1;
    this.#isAttended = true;
    clearTimeout(this.#absence);
    let isThere = true;
    return {
      [Symbol.dispose]: () => {
        if (!isThere) return;
        isThere = false;
        this.#pages -= 1;
        if (this.#pages > 0) return;
        this.#absence = setTimeout(() => {
          this.#isAttended = false;
          this.refuseAll();
        }, this.#absenceMilliseconds);
        this.#absence.unref();
      },
    };
  }

  /**
   * Answers a question.
   *
   * @returns whether it was open still.
   * @throws UsageError OPTION_INVALID for an answer to another kind of question.
   */
  answer(id: number, answer: QuestionAnswer): boolean {
    const question = this.#open.get(id);
    if (question === undefined) return false;
    if (!answers(question.shown, answer)) {
      throw new UsageError("OPTION_INVALID", { operation: "answer", detail: `${answer.type} is no answer to this` });
    }
    question.answer(answer);
    return true;
  }

  /** Nobody will answer. */
  refuseAll(): void {
    for (const { answer } of [...this.#open.values()]) answer(REFUSED);
  }

  readonly #onAuthenticate = async (question: AuthenticationQuestion): Promise<AuthenticationAnswer> => {
    // A token cannot be typed, and who has it would not have to be asked.
    if (question.scheme === "bearer") return { type: "none" };
    const { origin, role, scheme, realm, isPlain, url, username, tried, signal } = question;
    const answer = await this.#ask(
      {
        type: "credentials",
        origin,
        isProxy: role === "proxy",
        scheme,
        realm,
        isPlain,
        url: redactUrls(url),
        username,
        refused: tried.map((each) => each.username ?? ""),
        canStore: this.#canStore,
      },
      signal,
    );
    if (answer.type !== "credentials") return { type: "none" };
    const remember = answer.remember === "store" && !this.#canStore ? "memory" : answer.remember;
    return { type: "password", username: answer.username, password: answer.password, remember };
  };

  readonly #onClientCertificate = async (question: ClientCertificateQuestion): Promise<ClientCertificateAnswer> => {
    const { origin, chosenBefore, signal } = question;
    const before = this.#identities.find(({ storedAs }) => storedAs === chosenBefore);
    if (before !== undefined) return { type: "identity", identity: before.identity, remember: true };
    const named = question.authorities.slice(0, AUTHORITIES_LIMIT);
    const authorities = named.flatMap((name) => describeDistinguishedName(name) ?? []);
    const identities = this.#identities.map(({ shown }) => shown);
    const answer = await this.#ask({ type: "client-certificate", origin, authorities, identities }, signal);
    if (answer.type !== "identity") return { type: "none" };
    const chosen = this.#identities.find(({ shown }) => shown.fingerprint === answer.fingerprint);
    if (chosen === undefined) return { type: "none" };
    return { type: "identity", identity: chosen.identity, remember: answer.remember ? "store" : false };
  };

  readonly #onCertificateError = async (question: CertificateErrorQuestion): Promise<CertificateErrorAnswer> => {
    const { origin, error, problems, staple, signal } = question;
    const refused = { chain: pemChain(question.chain), staple };
    this.#refused.set(error, refused);
    const shown = {
      type: "certificate-error",
      origin,
      problems: problems.map(showProblem),
      ...refused,
      rememberMilliseconds: EXCEPTION_MILLISECONDS,
    } as const;
    const answer = await this.#ask(shown, signal);
    if (answer.type !== "accept") return { type: "refuse" };
    return { type: "accept", remember: answer.remember && { milliseconds: EXCEPTION_MILLISECONDS } };
  };

  readonly #onRedirect = async (question: RedirectQuestion): Promise<boolean> => {
    const { from, to, status, isLessSafe, signal } = question;
    const shown = {
      type: "redirect",
      from: redactUrls(from.href),
      to: redactUrls(to.href),
      status,
      isLessSafe,
    } as const;
    return (await this.#ask(shown, signal)).type === "accept";
  };

  #ask(question: Unnumbered, signal: AbortSignal | undefined): Promise<QuestionAnswer> {
    const isHeard = this.#isAttended && this.#open.size < QUESTIONS_LIMIT;
    if (!isHeard || signal?.aborted === true) return Promise.resolve(REFUSED);
    const id = (this.#lastId += 1);
    const shown: ShownQuestion = { ...question, id };
    return new Promise((resolve) => {
      const give = (answer: QuestionAnswer): void => {
        signal?.removeEventListener("abort", refuse);
        this.#open.delete(id);
        this.#listener?.gone(id);
        resolve(answer);
      };
      const refuse = (): void => {
        give(REFUSED);
      };
      signal?.addEventListener("abort", refuse);
      this.#open.set(id, { shown, answer: give });
      this.#listener?.asked(shown);
    });
  }
}

/** An identity, and what is shown of it. */
interface OfferedClientIdentity {
  readonly identity: TlsIdentity;
  readonly shown: OfferedIdentity;
  /** What the manager calls it in its store. */
  readonly storedAs: string;
}

function offer(identity: TlsIdentity): OfferedClientIdentity {
  const { subject, issuer, validToDate, fingerprint256 } = new X509Certificate(identity.certificate);
  return {
    identity,
    storedAs: identityFingerprint(identity),
    shown: {
      fingerprint: fingerprint256.replaceAll(":", "").toLowerCase(),
      subject,
      issuer,
      notAfter: validToDate.toISOString(),
    },
  };
}

function answers({ type }: ShownQuestion, answer: QuestionAnswer): boolean {
  switch (answer.type) {
    case "refuse":
      return true;
    case "credentials":
      return type === "credentials";
    case "identity":
      return type === "client-certificate";
    case "accept":
      return type === "certificate-error" || type === "redirect";
  }
}
