import { PolicyError } from "@fairlead/core";
import { isLoopbackHost } from "@fairlead/http/site";
import { HopBody } from "../agreement/hop-body.ts";
import type { AuthenticationTry } from "../authentication/attempt.ts";
import type { AuthenticatedRequest, RequestAuthenticator } from "../authentication/request-authenticator.ts";
import type { Dispatch, DispatchController, DispatchHandler, HopOptions, ResponseFields, Stage } from "../dispatch.ts";
import { failedController } from "../pool/failed-controller.ts";
import { flatFields, hasField, pairFields, withFields, withoutFields, type FlatFields } from "../request-fields.ts";
import type { Hop } from "../transaction.ts";

import { untilAborted } from "../until-aborted.ts";
import { answerError } from "./answer.ts";
import { IdentificationTry, type TriedIdentification } from "./identification-try.ts";
import type { Learn } from "./learn.ts";

/** What identifying needs of the manager. */
export interface IdentificationRules {
  readonly sendsSecretsInTheClear: boolean;
  /** What a response teaches that nobody but this stage sees. */
  readonly learn: Learn;
  readonly spoken: SpokenIdentities;
  /** Fires when the manager is destroyed. */
  readonly ending: AbortSignal;
}

/** Repetitions of one request. */
const REPEATS_LIMIT = 2;
const UNAUTHORIZED = 401;

/**
 * Has an authenticator say who the client is, on each hop that it covers. What is refused is repeated where the authenticator
 * has something better.
 */
export function identify(rules: IdentificationRules): Stage {
  return (next) => (options, handler) => {
    const authenticator = authenticatorOf(options);
    if (authenticator === undefined) return next(options, handler);
    const { target } = options;
    if (authenticator.mayBeOverheard !== true && !rules.sendsSecretsInTheClear && canBeOverheard(options)) {
      const facts = { peer: target.peer, operation: "authenticate", detail: "a token that others could read" };
      return answerError(handler, new PolicyError("AUTHENTICATION_REFUSED", facts));
    }
    return new IdentifiedRequest(authenticator, options, handler, rules, next).send();
  };
}

/** Who speaks for the client on one hop, unless the application does by itself; `undefined` for nobody. */
function authenticatorOf(options: HopOptions): RequestAuthenticator | undefined {
  const { exchange, target, path, headers } = options;
  if (exchange.authenticators.length === 0 || hasField(headers, "authorization")) return undefined;
  const url = URL.parse(target.origin + path);
  return url === null ? undefined : exchange.authenticators.find((each) => each.covers(url));
}

/** Whether others may read what is sent: on the way, or behind a certificate that proves nothing. */
function canBeOverheard({ target, route, hop }: HopOptions): boolean {
  if (target.secure) return hop.isExcepted;
  // What a proxy calls its own machine is not ours.
  return route?.type === "proxies" || !(route?.type === "unix" || isLoopbackHost(target.urlHost));
}

/** Who was spoken as on each hop, for a cache: who it is now may be somebody else already. */
export class SpokenIdentities {
  readonly #names = new WeakMap<Hop, string>();

  /** Names who authenticates, within this process; `undefined` where no authenticator speaks. */
  nameOf(options: HopOptions): string | undefined {
    return this.#names.get(options.hop) ?? authenticatorOf(options)?.identity;
  }

  /** @param between before and after it was found out what to send: where they differ, it is nobody that anybody else is. */
  remember({ hop }: HopOptions, between: readonly [before: string, after: string]): void {
    const [before, after] = between;
    this.#names.set(hop, before === after ? after : JSON.stringify([...between, hop.url, performance.now()]));
  }
}

/** One hop, for as many tries as it takes. */
class IdentifiedRequest implements TriedIdentification {
  readonly options: HopOptions;
  readonly #authenticator: RequestAuthenticator;
  readonly #handler: DispatchHandler;
  readonly #rules: IdentificationRules;
  readonly #next: Dispatch;
  readonly #asking: AuthenticatedRequest;
  readonly #body: HopBody;
  #refusals = 0;
  #sent: { readonly fields: FlatFields; readonly told: AuthenticationTry } | undefined;

  constructor(
    authenticator: RequestAuthenticator,
    options: HopOptions,
    handler: DispatchHandler,
    rules: IdentificationRules,
    next: Dispatch,
  ) {
    this.options = options;
    this.#authenticator = authenticator;
    this.#handler = handler;
    this.#rules = rules;
    this.#next = next;
    this.#body = new HopBody(options);
    const { exchange, target, path, method, headers, body } = options;
    this.#asking = {
      method,
      url: new URL(target.origin + path),
      fields: flatFields(headers),
      content: typeof body === "string" || body instanceof Uint8Array ? body : undefined,
      partition: exchange.partition,
      signal: exchange.signal,
    };
  }

  /** Sends it the first time. */
  send(): boolean {
    let found: ReturnType<typeof this.find>;
    try {
      found = this.find();
    } catch (error) {
      this.#body.close(error as Error);
      return answerError(this.#handler, error as Error);
    }
    if (!(found instanceof Promise)) return this.#dispatch(found);
    found.then(
      (fields) => {
        this.#tryAgain(failedController, fields);
      },
      (error: unknown) => {
        this.fail(failedController, error as Error);
      },
    );
    return true;
  }

  find(): FlatFields | undefined | Promise<FlatFields | undefined> {
    const { identity: before } = this.#authenticator;
    const remember = (fields: FlatFields | undefined): FlatFields | undefined => {
      this.#rules.spoken.remember(this.options, [before, this.#authenticator.identity]);
      return fields;
    };
    const found = this.#authenticator.authenticate(this.#asking);
    return found instanceof Promise ? this.#untilAborted(found).then(remember) : remember(found);
  }

  refused(status: number, fields: ResponseFields): boolean | Promise<boolean> {
    if (this.#sent === undefined || this.#authenticator.refused === undefined) return false;
    const refusal = { status, fields, sent: this.#sent.fields, refusedBefore: this.#refusals };
    this.#refusals += 1;
    const mayRepeat = this.#refusals <= REPEATS_LIMIT;
    const hasBetter = this.#authenticator.refused(this.#asking, refusal);
    if (!(hasBetter instanceof Promise)) return mayRepeat && hasBetter;
    return this.#untilAborted(hasBetter).then((has) => mayRepeat && has);
  }

  repeat(controller: DispatchController, fields: FlatFields, refusedWith: ResponseFields): void {
    const { options } = this;
    const { hop } = options;
    this.#rules.learn(options, refusedWith);
    hop.repeats = [...hop.repeats, "authentication"];
    this.#tell("refused");
    this.#tryAgain(controller, fields);
  }

  get canRepeat(): boolean {
    return this.#body.canRepeat;
  }

  answered(status: number, fields: ResponseFields): void {
    this.#authenticator.answered?.(this.#asking, { status, fields });
  }

  settle(status: number | undefined): void {
    if (status !== undefined) this.#tell(status === UNAUTHORIZED ? "refused" : "accepted");
    this.#body.release();
  }

  fail(controller: DispatchController, error: Error): void {
    this.#body.close(error);
    this.#handler.onResponseError?.(controller, error);
  }

  /** In a turn of its own: whatever is thrown then would end the process. */
  #tryAgain(controller: DispatchController, fields: FlatFields | undefined): void {
    try {
      this.options.exchange.signal?.throwIfAborted();
      this.#dispatch(fields);
    } catch (error) {
      this.fail(controller, error as Error);
    }
  }

  #dispatch(fields: FlatFields | undefined): boolean {
    const { options } = this;
    const body = this.#body.open();
    const added = fields === undefined ? [] : pairFields(fields);
    if (added.length === 0) return this.#next({ ...options, body }, new IdentificationTry(this, this.#handler));
    const names = new Set(added.map(([name]) => name.toLowerCase()));
    const headers = withFields(
      withoutFields(options.headers, (name) => names.has(name)),
      added,
    );
    this.#sent = { fields: added.flat(), told: this.#take(added) };
    return this.#next({ ...options, headers, body }, new IdentificationTry(this, this.#handler));
  }

  /** Takes note of what goes out, without what is secret. */
  #take(fields: readonly (readonly [name: string, value: string])[]): AuthenticationTry {
    const { hop } = this.options;
    const authorization = fields.find(([name]) => name.toLowerCase() === "authorization")?.[1];
    const told: AuthenticationTry = {
      role: "origin",
      scheme: /^([\w-]+) /.exec(authorization ?? "")?.[1]?.toLowerCase() ?? "other",
      realm: "",
      identity: this.#authenticator.identity,
      anticipated: this.#refusals === 0,
      outcome: "pending",
    };
    hop.authentication = [...hop.authentication, told];
    return told;
  }

  #tell(outcome: "accepted" | "refused"): void {
    if (this.#sent !== undefined) this.#sent.told.outcome = outcome;
  }

  #untilAborted<Answer>(answer: Promise<Answer>): Promise<Answer> {
    // Where the request is given up already, nobody else looks at it.
    answer.catch(() => undefined);
    return untilAborted([this.#asking.signal, this.#rules.ending], () => answer);
  }
}
