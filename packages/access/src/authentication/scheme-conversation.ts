import { PolicyError, UsageError } from "@fairlead/core";
import type { Round } from "../agreement/shared-questions.ts";
import type { HopOptions } from "../dispatch.ts";
import type { SchemeCredentials, SchemeCredentialsQuestion } from "../schemes/handler.ts";
import type { AskedBy } from "./asked-by.ts";
import type { AuthenticationTry } from "./attempt.ts";
import type { Authenticator } from "./authenticator.ts";
import { sameCredentials, triedCredentials, type Credentials } from "./credentials.ts";
import { ProtectionSpace } from "./protection-space.ts";
import type { OnAuthenticate, TriedCredentials } from "./question.ts";

/** Questions about one request; a server that has more gets no answer. */
const QUESTIONS_LIMIT = 16;

type Password = Credentials & { readonly type: "password" };

/** What one question was answered with. */
interface Given {
  readonly credentials: Password;
  readonly space: ProtectionSpace;
  readonly told: AuthenticationTry;
}

/**
 * What one request that is no HTTP says about who makes it: as with HTTP, the application is asked once for all that wait,
 * and what it answered is remembered for the same server, question and user name alone.
 */
export class SchemeConversation {
  readonly #authenticator: Authenticator;
  readonly #options: HopOptions;
  readonly #signal: AbortSignal;
  readonly #refused: Credentials[] = [];
  readonly #tried: TriedCredentials[] = [];
  /** By origin: what others are answered meanwhile counts for this request. */
  readonly #rounds = new Map<string, Round>();
  /** The latest, by what was asked. */
  readonly #given = new Map<string, Given & { readonly by: AskedBy }>();
  #questions = 0;

  constructor(authenticator: Authenticator, options: HopOptions, signal: AbortSignal) {
    this.#authenticator = authenticator;
    this.#options = options;
    this.#signal = signal;
  }

  /**
   * Answers a server: with what is remembered, or with what the application says.
   *
   * @returns `undefined` for nobody.
   * @throws PolicyError AUTHENTICATION_REFUSED; UsageError OPTION_INVALID; what the application threw; or the signal's
   * reason.
   */
  async answer(question: SchemeCredentialsQuestion): Promise<SchemeCredentials | undefined> {
    const { partition, onAuthenticate: asker } = this.#options.exchange;
    if (asker === undefined) return undefined;
    const { origin, scheme, realm, username } = question;
    const by: AskedBy = { role: "origin", origin, partition, isExcepted: false };
    if (question.isPlain === true && this.#authenticator.refuses("basic", true)) {
      throw new PolicyError("AUTHENTICATION_REFUSED", { peer: origin, operation: "authenticate", detail: scheme });
    }
    // What was answered to another question, as for a second factor, is no answer to this one.
    const key = JSON.stringify([scheme, realm, username ?? null]);
    const round = this.#join(by);
    if (question.round > 0) this.#refuse(key);
    this.#questions += 1;
    if (this.#questions > QUESTIONS_LIMIT) return undefined;
    const known = this.#authenticator.memory.find(by, asker, key);
    const recalled = known?.credentials;
    const credentials =
      recalled !== undefined && !this.#isRefused(recalled) ? recalled : await this.#ask(asker, question, round);
    if (credentials === undefined || this.#isRefused(credentials)) return undefined;
    const password = passwordOf(credentials, question);
    const space = recalled === credentials && known ? known : new ProtectionSpace(asker, key, "password", credentials);
    if (space !== known && credentials.lifetime !== "once") this.#authenticator.memory.remember(by, space);
    this.#give(key, by, question, { credentials: password, space, isAnticipated: space === known });
    return { username: password.username, password: password.password };
  }

  /** There is a response: what was answered was right. */
  accepted(): void {
    for (const { by, space, told } of this.#given.values()) {
      told.outcome = "accepted";
      this.#authenticator.memory.confirm(by, space);
    }
  }

  #give(
    key: string,
    by: AskedBy,
    { scheme, realm }: SchemeCredentialsQuestion,
    given: Pick<Given, "credentials" | "space"> & { readonly isAnticipated: boolean },
  ): void {
    const { hop } = this.#options;
    const { credentials, space, isAnticipated } = given;
    const told: AuthenticationTry = { role: "origin", scheme, realm, anticipated: isAnticipated, outcome: "pending" };
    hop.authentication = [...hop.authentication, told];
    this.#given.set(key, { credentials, space, told, by });
  }

  #join(by: AskedBy): Round {
    const known = this.#rounds.get(by.origin) ?? this.#authenticator.join(by);
    this.#rounds.set(by.origin, known);
    return known;
  }

  /** What was answered was not good enough: nobody is given it again. */
  #refuse(key: string): void {
    const given = this.#given.get(key);
    if (given === undefined) return;
    const { credentials, space, told, by } = given;
    this.#given.delete(key);
    told.outcome = "refused";
    this.#refused.push(credentials);
    this.#tried.push(triedCredentials(credentials, told.scheme, undefined));
    if (space.credentials === credentials) this.#authenticator.memory.refuse(by, space);
  }

  #isRefused(credentials: Credentials): boolean {
    return this.#refused.some((refused) => sameCredentials(refused, credentials));
  }

  #ask(
    asker: OnAuthenticate,
    { origin, scheme, realm, isPlain = false, username }: SchemeCredentialsQuestion,
    round: Round,
  ): Promise<Credentials | undefined> {
    const { hop, exchange } = this.#options;
    return this.#authenticator.ask(
      asker,
      {
        role: "origin",
        origin,
        partition: exchange.partition,
        isPlain,
        realm,
        scheme,
        challenges: [],
        username,
        url: hop.url,
        tried: [...this.#tried],
      },
      this.#refused.at(-1),
      round,
      this.#signal,
    );
  }
}

/** @throws UsageError OPTION_INVALID for what is no password, or that of another user than the URL names. */
function passwordOf(credentials: Credentials, { origin, username }: SchemeCredentialsQuestion): Password {
  if (credentials.type !== "password") {
    const detail = `${origin} takes a password, and no ${credentials.type === "token" ? "token" : "user of the system"}`;
    throw new UsageError("OPTION_INVALID", { operation: "authenticate", detail });
  }
  if (username === undefined || credentials.username === username) return credentials;
  if (credentials.username === "") return { ...credentials, username };
  const detail = `the user name is ${JSON.stringify(username)} already`;
  throw new UsageError("OPTION_INVALID", { operation: "authenticate", peer: origin, detail });
}
