import { PolicyError } from "@fairlead/core";
import {
  rankChallenges,
  realmOf,
  refusesInTheClear,
  type AuthenticationScheme,
  type Challenge,
  type ConnectionBoundScheme,
  type RankedChallenge,
} from "@fairlead/http/authentication";
import type { Round, SharedQuestions } from "../agreement/shared-questions.ts";
import type { AskedBy } from "./asked-by.ts";
import type { CredentialMemory } from "./credential-memory.ts";
import { readAnswer, type Credentials } from "./credentials.ts";
import type { AuthenticationQuestion, OnAuthenticate } from "./question.ts";
import type { AuthenticationSettings } from "./settings.ts";
import type { AuthenticationSubject } from "./subject.ts";

/** What authentication needs of its manager. */
export interface AuthenticatorParts {
  readonly settings: AuthenticationSettings;
  readonly questions: SharedQuestions;
  readonly memory: CredentialMemory;
}

/** Says who the client is, to servers and proxies: asks the application, and remembers for each what it answered. */
export class Authenticator {
  readonly memory: CredentialMemory;
  readonly #questions: SharedQuestions;
  readonly #refused: ReadonlySet<AuthenticationScheme>;
  readonly #connectionBound: ReadonlyMap<string, ConnectionBoundScheme>;
  readonly #sendsSecretsInTheClear: boolean;
  /** Numbers functions, so that questions of one are told from those of another. */
  readonly #askers = new WeakMap<OnAuthenticate, number>();
  #lastAsker = 0;
  #lastCredentials = 0;

  constructor({ settings, questions, memory }: AuthenticatorParts) {
    this.memory = memory;
    this.#questions = questions;
    this.#refused = new Set(settings.refuse);
    this.#connectionBound = new Map(settings.connectionBound?.map((scheme) => [scheme.name.toLowerCase(), scheme]));
    this.#sendsSecretsInTheClear = settings.dangerous?.sendSecretsInTheClear ?? false;
  }

  /** The round of questions that a request takes part in. */
  join({ role, origin, partition }: Pick<AskedBy, "role" | "origin" | "partition">): Round {
    return this.#questions.join(`${role} ${origin} ${partition}`);
  }

  /**
   * Puts a question to the application, once for all requests of a round that have the same function and were refused the
   * same.
   *
   * @returns `undefined` for nobody.
   * @throws UsageError OPTION_INVALID; what the function threw; or the signal's reason.
   */
  ask(
    asker: OnAuthenticate,
    question: Omit<AuthenticationQuestion, "signal">,
    refused: Credentials | undefined,
    round: Round,
    signal: AbortSignal | undefined,
  ): Promise<Credentials | undefined> {
    const { scheme, realm, username } = question;
    const what = JSON.stringify([this.#numberOf(asker), scheme, realm, refused?.id, username]);
    return round.ask(what, signal, async (nobodyWaits) =>
      readAnswer(await asker({ ...question, signal: nobodyWaits }), String((this.#lastCredentials += 1))),
    );
  }

  /** A scheme that authenticates a connection, if it is there. */
  connectionBound(scheme: AuthenticationScheme): ConnectionBoundScheme | undefined {
    return this.#connectionBound.get(scheme);
  }

  /**
   * The challenges that may be answered, the strongest first.
   *
   * @param mayBind whether by schemes that authenticate the connection, too.
   * @throws PolicyError AUTHENTICATION_REFUSED where the policy forbids all that could be; AUTHENTICATION_DOWNGRADE where
   * all are weaker than what was accepted in their realms before.
   */
  offers(
    subject: AuthenticationSubject,
    challenges: readonly Challenge[],
    mayBind: boolean,
  ): readonly RankedChallenge[] {
    const { isPlain, peer } = subject;
    // Only of what is offered: whether a library is there is found out by loading it.
    const able = new Set(
      schemes.filter((each) => challenges.some(({ scheme }) => scheme === each) && this.#isAble(each, mayBind)),
    );
    const refuses = (scheme: AuthenticationScheme): boolean => this.refuses(scheme, isPlain);
    const { ranked, refused } = rankChallenges(challenges, { isPlain, able, refuses });
    if (ranked.length === 0 && refused.length > 0) {
      throw new PolicyError("AUTHENTICATION_REFUSED", { peer, operation: "authenticate", detail: refused.join(", ") });
    }
    const offers = ranked.filter(
      ({ challenge, strength }) =>
        strength >= (this.memory.find(subject, subject.asker, realmOf(challenge))?.strength ?? 0),
    );
    if (ranked.length > 0 && offers.length === 0) {
      throw new PolicyError("AUTHENTICATION_DOWNGRADE", { peer, operation: "authenticate" });
    }
    return offers;
  }

  /** Whether the policy forbids a scheme. */
  refuses(scheme: AuthenticationScheme, isPlain: boolean): boolean {
    return this.#refused.has(scheme) || (!this.#sendsSecretsInTheClear && refusesInTheClear(scheme, isPlain));
  }

  #isAble(scheme: AuthenticationScheme, mayBind: boolean): boolean {
    if (scheme !== "ntlm" && scheme !== "negotiate") return true;
    const bound = mayBind ? this.connectionBound(scheme) : undefined;
    return bound !== undefined && bound.unavailable() === undefined;
  }

  #numberOf(asker: OnAuthenticate): number {
    const known = this.#askers.get(asker);
    if (known !== undefined) return known;
    this.#lastAsker += 1;
    this.#askers.set(asker, this.#lastAsker);
    return this.#lastAsker;
  }
}

const schemes = ["negotiate", "ntlm", "digest", "bearer", "basic"] as const;
