import { PolicyError, UsageError, type PolicyErrorCode } from "@fairlead/core";
import {
  parseChallenges,
  readDigestChallenge,
  realmOf,
  type AuthenticationScheme,
  type Challenge,
  type DigestProof,
  type RankedChallenge,
} from "@fairlead/http/authentication";
import type { Round } from "../agreement/shared-questions.ts";
import type { Attempt, AuthenticationTry, ResponseCheck } from "./attempt.ts";
import type { Authenticator } from "./authenticator.ts";
import { sameCredentials, triedCredentials, type Credentials } from "./credentials.ts";
import { DigestNonce } from "./digest-nonce.ts";
import { formatCredentials, takes } from "./format-credentials.ts";
import { connectionUser, Handshake, type FindBinding } from "./handshake.ts";
import { ProtectionSpace } from "./protection-space.ts";
import type { TriedCredentials } from "./question.ts";
import { readServerInfo } from "./server-info.ts";
import type { AuthenticationSubject } from "./subject.ts";

/** Challenges of one request that are answered; a peer that has more to ask gets no more. */
const ANSWERS_LIMIT = 16;
/** Questions to the application about one request. */
const QUESTIONS_LIMIT = 5;
/** Nonces of one request that may be too old. */
const STALE_LIMIT = 2;

/** Credentials that went out with the last try. */
interface Sent {
  readonly credentials: Credentials;
  readonly space: ProtectionSpace;
  readonly scheme: AuthenticationScheme;
  readonly strength: number;
  /** Of Digest. */
  readonly nonce: DigestNonce | undefined;
  readonly proof: DigestProof | undefined;
  readonly told: AuthenticationTry;
}

/**
 * What one request says about who makes it, try by try: before it is asked, when it is challenged, and what follows from
 * being let in. Whoever begins one closes it.
 */
export class AuthenticationConversation {
  readonly #authenticator: Authenticator;
  readonly #subject: AuthenticationSubject;
  readonly #round: Round;
  readonly #refused: Credentials[] = [];
  readonly #tried: TriedCredentials[] = [];
  #sent: Sent | undefined;
  #handshake: Handshake | undefined;
  #answers = 0;
  #questions = 0;
  #staleNonces = 0;
  #hasRestarted = false;

  /** Must be made before the request is sent: what others are answered meanwhile counts for it. */
  constructor(authenticator: Authenticator, subject: AuthenticationSubject) {
    this.#authenticator = authenticator;
    this.#subject = subject;
    this.#round = authenticator.join(subject);
  }

  /** What to send before anybody asks: credentials that were accepted where the request goes. */
  anticipate(): Attempt | undefined {
    const { url, role, isPlain, method, target, body, asker } = this.#subject;
    const spaces = this.#authenticator.memory
      .spacesOf(this.#subject, asker)
      .filter(
        ({ isProven, credentials, scheme }) =>
          isProven && credentials && scheme !== "password" && !this.#authenticator.refuses(scheme, isPlain),
      );
    if (spaces.length === 0) return undefined;
    const requested = new URL(url);
    const depth = (space: ProtectionSpace): number => (role === "proxy" ? 1 : space.depthOf(requested));
    const [space] = spaces.filter((each) => depth(each) > 0).sort((one, other) => depth(other) - depth(one));
    if (space?.credentials === undefined || space.scheme === "password") return undefined;
    const { credentials, scheme, nonce, strength } = space;
    if (scheme === "ntlm" || scheme === "negotiate") {
      return { field: undefined, authenticatedAs: connectionUser(scheme, credentials), leg: 0, isBodyless: false };
    }
    const formatted = formatCredentials(scheme, credentials, nonce, { method, target, content: body.bytes });
    if (formatted === undefined) return undefined;
    this.#send({ credentials, space, scheme, strength, nonce, proof: formatted.proof }, true);
    return inField(formatted.field);
  }

  /**
   * Answers a 401 or 407: with what is remembered, or with what the application says.
   *
   * @param fieldValues of `WWW-Authenticate` or `Proxy-Authenticate`.
   * @param findBinding of the connection that the latest response came on; see `AuthenticatedService`.
   * @param mayBind whether schemes may be used that authenticate the connection: the peer is at its other end.
   * @returns `undefined` when the response is the application's.
   * @throws PolicyError AUTHENTICATION_REFUSED, AUTHENTICATION_DOWNGRADE, AUTHENTICATION_BODY_NOT_REPLAYABLE;
   * AuthenticationError; UsageError OPTION_INVALID; what the application threw; or the signal's reason.
   */
  async answer(fieldValues: readonly string[], findBinding: FindBinding, mayBind = true): Promise<Attempt | undefined> {
    this.#answers += 1;
    if (this.#answers > ANSWERS_LIMIT) return undefined;
    const challenges = parseChallenges(fieldValues);
    const leg = await this.#nextLeg(challenges);
    if (leg !== undefined) return leg;
    const offered = this.#authenticator.offers(this.#subject, challenges, mayBind);
    const fresh = this.#staleAnswer(offered);
    if (fresh !== undefined) return this.#attempt([fresh.ranked], fresh.credentials, findBinding);
    this.#refuse(challenges);
    if (offered.length === 0) return undefined;
    if (!this.#subject.body.canRepeat) throw this.#error("AUTHENTICATION_BODY_NOT_REPLAYABLE");
    for (;;) {
      const credentials = this.#recall(offered) ?? (await this.#ask(offered));
      if (credentials === undefined) return undefined;
      const attempt = await this.#attempt(offered, credentials, findBinding);
      if (attempt !== undefined) return attempt;
    }
  }

  /**
   * Takes a response that is no challenge: what was sent is remembered where that was asked for.
   *
   * @param status which tells how much it is worth.
   * @param challenges of the same field as with a challenge: a last token is there.
   * @param infoField `Authentication-Info` or `Proxy-Authentication-Info`.
   * @returns what is still to be checked; a promise where the peer's last token is.
   * @throws (or rejects with) AuthenticationError SERVER_NOT_AUTHENTICATED.
   */
  accepted(
    status: number,
    challenges: readonly string[],
    infoField: string | undefined,
  ): ResponseCheck | Promise<undefined> | undefined {
    const sent = this.#sent;
    if (sent === undefined) return undefined;
    const last = this.#handshake?.tokenOf(parseChallenges(challenges));
    if (this.#handshake !== undefined && last !== undefined)
      return this.#acceptLast(this.#handshake, last, sent, status);
    const info = infoField === undefined ? undefined : readServerInfo(infoField, sent.proof, this.#subject.peer);
    if (info?.nextNonce !== undefined) sent.space.nonce = sent.nonce?.followedBy(info.nextNonce);
    this.#accept(sent, status);
    return info?.check;
  }

  /**
   * Begins anew a handshake whose connection was lost on the way, once; `undefined` where there is none.
   *
   * @throws AuthenticationError, or the signal's reason.
   */
  async restart(findBinding: FindBinding): Promise<Attempt | undefined> {
    const sent = this.#sent;
    if (this.#handshake === undefined || this.#hasRestarted || sent === undefined) return undefined;
    const { scheme, credentials } = sent;
    if (scheme !== "ntlm" && scheme !== "negotiate") return undefined;
    this.#hasRestarted = true;
    this.close();
    sent.told.outcome = "lost";
    const attempt = await this.#begin(scheme, credentials, findBinding);
    this.#send(sent, false);
    return attempt;
  }

  /** Frees what a handshake holds. */
  close(): void {
    this.#handshake?.close();
    this.#handshake = undefined;
  }

  async #acceptLast(handshake: Handshake, token: Uint8Array, sent: Sent, status: number): Promise<undefined> {
    await handshake.next(token);
    this.#accept(sent, status);
  }

  async #nextLeg(challenges: readonly Challenge[]): Promise<Attempt | undefined> {
    const token = this.#handshake?.tokenOf(challenges);
    if (this.#handshake === undefined || token === undefined) return undefined;
    const attempt = await this.#handshake.next(token);
    if (this.#sent !== undefined) {
      this.#sent.told.outcome = "continued";
      this.#send(this.#sent, false);
    }
    return attempt;
  }

  #spaceOf(realm: string): ProtectionSpace | undefined {
    return this.#authenticator.memory.find(this.#subject, this.#subject.asker, realm);
  }

  /** The credentials that were right, when only their nonce was too old. RFC 7616 section 3.3, "stale". */
  #staleAnswer(
    offered: readonly RankedChallenge[],
  ): { readonly ranked: RankedChallenge; readonly credentials: Credentials } | undefined {
    const sent = this.#sent;
    if (sent?.scheme !== "digest" || this.#staleNonces >= STALE_LIMIT) return undefined;
    const ranked = offered.find(
      ({ challenge }) => realmOf(challenge) === sent.space.realm && readDigestChallenge(challenge)?.stale === true,
    );
    if (ranked === undefined) return undefined;
    this.#staleNonces += 1;
    sent.told.outcome = "stale";
    this.#sent = undefined;
    return { ranked, credentials: sent.credentials };
  }

  /** What was sent was not good enough: nobody sends it again. A challenge for another realm says nothing of it. */
  #refuse(challenges: readonly Challenge[]): void {
    const sent = this.#sent;
    this.close();
    this.#sent = undefined;
    if (sent === undefined) return;
    const { credentials, scheme, space, told } = sent;
    told.outcome = "refused";
    if (challenges.length > 0 && challenges.every((challenge) => realmOf(challenge) !== space.realm)) return;
    this.#refused.push(credentials);
    this.#tried.push(triedCredentials(credentials, scheme, undefined));
    if (space.credentials === credentials) this.#authenticator.memory.refuse(this.#subject, space);
  }

  /** What is remembered for the strongest challenge of which something is; nothing that was refused already. */
  #recall(offered: readonly RankedChallenge[]): Credentials | undefined {
    for (const { challenge, scheme } of offered) {
      const credentials = this.#spaceOf(realmOf(challenge))?.credentials;
      if (credentials !== undefined && takes(scheme, credentials) && !this.#isRefused(credentials)) return credentials;
    }
    return undefined;
  }

  #isRefused(credentials: Credentials): boolean {
    return this.#refused.some((refused) => sameCredentials(refused, credentials));
  }

  /** @returns `undefined` for nobody. @throws what could not even be tried, when there is nothing else to try. */
  async #ask(offered: readonly RankedChallenge[]): Promise<Credentials | undefined> {
    const [strongest] = offered;
    this.#questions += 1;
    if (strongest === undefined || this.#questions > QUESTIONS_LIMIT) return undefined;
    const { asker, role, origin, partition, isPlain, url, signal } = this.#subject;
    const realm = realmOf(strongest.challenge);
    const credentials = await this.#authenticator.ask(
      asker,
      {
        role,
        origin,
        partition,
        isPlain,
        // As the peer wrote it: one character for each byte, which most mean as UTF-8.
        realm: Buffer.from(realm, "latin1").toString("utf8"),
        scheme: strongest.scheme,
        challenges: offered.map(({ challenge }) => challenge),
        url,
        tried: [...this.#tried],
      },
      this.#refused.at(-1),
      this.#round,
      signal,
    );
    if (credentials !== undefined && !this.#isRefused(credentials)) return credentials;
    const untriable = this.#tried.at(-1)?.error;
    if (untriable !== undefined) throw untriable;
    return undefined;
  }

  /** Answers the strongest challenge that takes the credentials; `undefined` when none could be answered with them. */
  async #attempt(
    offered: readonly RankedChallenge[],
    credentials: Credentials,
    findBinding: FindBinding,
  ): Promise<Attempt | undefined> {
    let failed: { readonly scheme: AuthenticationScheme; readonly error: Error } | undefined;
    for (const { challenge, scheme, strength } of offered.filter((each) => takes(each.scheme, credentials))) {
      const space = this.#spaceFor(realmOf(challenge), scheme, credentials);
      if (scheme === "ntlm" || scheme === "negotiate") {
        try {
          const attempt = await this.#begin(scheme, credentials, findBinding);
          this.#send({ credentials, space, scheme, strength, nonce: undefined, proof: undefined }, false);
          return attempt;
        } catch (error) {
          this.#subject.signal?.throwIfAborted();
          this.close();
          failed ??= { scheme, error: error as Error };
          continue;
        }
      }
      const { method, target, url, body } = this.#subject;
      const digest = scheme === "digest" ? readDigestChallenge(challenge) : undefined;
      const content = digest?.qop === "auth-int" ? (body.bytes ?? (await body.read())) : undefined;
      const nonce = digest && new DigestNonce(digest);
      const formatted = formatCredentials(scheme, credentials, nonce, { method, target, content });
      if (formatted === undefined) continue;
      space.include(new URL(url));
      space.nonce = nonce;
      this.#send({ credentials, space, scheme, strength, nonce, proof: formatted.proof }, false);
      return inField(formatted.field);
    }
    if (failed === undefined) throw this.#unfit(offered, credentials);
    this.#refused.push(credentials);
    this.#tried.push(triedCredentials(credentials, failed.scheme, failed.error));
    return undefined;
  }

  #begin(scheme: "ntlm" | "negotiate", credentials: Credentials, findBinding: FindBinding): Promise<Attempt> {
    const bound = this.#authenticator.connectionBound(scheme);
    if (bound === undefined) throw this.#error("AUTHENTICATION_REFUSED");
    const { host, signal } = this.#subject;
    this.#handshake = new Handshake(bound, credentials, host, findBinding, signal);
    return this.#handshake.next(undefined);
  }

  /** The space that credentials are for: the one that is known of the realm, or a new one. */
  #spaceFor(realm: string, scheme: AuthenticationScheme, credentials: Credentials): ProtectionSpace {
    const known = this.#spaceOf(realm);
    if (known?.credentials === credentials) return known;
    const space = new ProtectionSpace(this.#subject.asker, realm, scheme, credentials);
    space.strength = known?.strength ?? 0;
    return space;
  }

  /** Takes note of what goes out. It is remembered at once, for those who are asked before it was judged. */
  #send(sent: Omit<Sent, "told">, anticipated: boolean): void {
    const { space, scheme, credentials } = sent;
    if (credentials.lifetime !== "once" && !anticipated) this.#authenticator.memory.remember(this.#subject, space);
    const told: AuthenticationTry = {
      role: this.#subject.role,
      scheme,
      realm: space.realm,
      anticipated,
      outcome: "pending",
    };
    this.#subject.onTry(told);
    this.#sent = { ...sent, told };
  }

  #accept({ credentials, space, scheme, strength, told }: Sent, status: number): void {
    told.outcome = "accepted";
    // Who reports an error of its own, or of the request, may not have looked at the credentials.
    if (status >= 500 || status === 400 || space.credentials !== credentials) return;
    space.scheme = scheme;
    space.strength = Math.max(space.strength, strength);
    if (!told.anticipated) this.#authenticator.memory.confirm(this.#subject, space);
  }

  #unfit(offered: readonly RankedChallenge[], { type }: Credentials): UsageError {
    const schemes = offered.map(({ scheme }) => scheme).join(", ");
    const detail = `${schemes} cannot carry this ${type === "system" ? "user of the system" : type}`;
    return new UsageError("OPTION_INVALID", { peer: this.#subject.peer, operation: "authenticate", detail });
  }

  #error(code: PolicyErrorCode): PolicyError {
    return new PolicyError(code, { peer: this.#subject.peer, operation: "authenticate" });
  }
}

function inField(field: string): Attempt {
  return { field, authenticatedAs: undefined, leg: 0, isBodyless: false };
}
