import { HopBody } from "../agreement/hop-body.ts";
import type { Attempt } from "../authentication/attempt.ts";
import type { Authenticator } from "../authentication/authenticator.ts";
import { AuthenticationConversation } from "../authentication/conversation.ts";
import { ORIGIN_ROLE, PROXY_ROLE, type AuthenticationRole } from "../authentication/role.ts";
import type { AuthenticationSubject } from "../authentication/subject.ts";
import type { Dispatch, DispatchController, DispatchHandler, HopOptions, Stage, ResponseFields } from "../dispatch.ts";
import { ConnectionHold } from "../pool/connection-hold.ts";
import { ConnectionLoss } from "../pool/http-connection.ts";
import { isIdempotent } from "../pool/idempotent.ts";
import { hasField, withField, withoutFields } from "../request-fields.ts";
import { forwardingProxy } from "../route/route.ts";
import { AuthenticationTryExchange, type TriedRequest } from "./authentication-try.ts";
import type { Learn } from "./learn.ts";

/** What authenticating needs of the manager. */
export interface AuthenticationRules {
  readonly authenticator: Authenticator;
  /** What a response teaches that nobody but this stage sees. */
  readonly learn: Learn;
}

/** Fields that speak of a body, and go with it. */
const BODY_FIELDS: ReadonlySet<string> = new Set(["content-length", "transfer-encoding", "expect", "trailer"]);

/**
 * Says who the client is to servers that want to know: credentials that are known go with the request, and a 401 asks the
 * application, and repeats it. An `Authorization` field of the application's own takes their place, whatever it gets.
 *
 * @see RFC 9110 section 11
 */
export function authenticate(rules: AuthenticationRules): Stage {
  return (next) => (options, handler) => {
    const { onAuthenticate } = options.exchange;
    if (onAuthenticate === undefined || hasField(options.headers, ORIGIN_ROLE.credentialsField)) {
      return next(options, handler);
    }
    const { target, path, hop } = options;
    const peer: AskingPeer = {
      role: "origin",
      origin: target.origin,
      host: target.host,
      peer: target.peer,
      isPlain: !target.secure,
      isExcepted: hop.isExcepted,
      target: path,
      asker: onAuthenticate,
    };
    return new AuthenticatedRequest(options, handler, ORIGIN_ROLE, peer, rules, next).send();
  };
}

/** Who asks, and whom. */
export type AskingPeer = Pick<
  AuthenticationSubject,
  "role" | "origin" | "host" | "peer" | "isPlain" | "isExcepted" | "target" | "asker"
>;

/** One hop, for as many tries as it takes. */
export class AuthenticatedRequest implements TriedRequest {
  readonly role: AuthenticationRole;
  readonly options: HopOptions;
  readonly conversation: AuthenticationConversation;
  readonly learn: Learn;
  readonly #handler: DispatchHandler;
  readonly #next: Dispatch;
  readonly #body: HopBody;
  #attempt: Attempt | undefined;
  #hold: ConnectionHold | undefined;

  constructor(
    options: HopOptions,
    handler: DispatchHandler,
    role: AuthenticationRole,
    peer: AskingPeer,
    { authenticator, learn }: AuthenticationRules,
    next: Dispatch,
  ) {
    this.role = role;
    this.options = options;
    this.learn = learn;
    this.#handler = handler;
    this.#next = next;
    this.#body = new HopBody(options);
    const { hop, exchange, method } = options;
    this.conversation = new AuthenticationConversation(authenticator, {
      ...peer,
      partition: exchange.partition,
      url: hop.url,
      method,
      body: this.#body,
      signal: exchange.signal,
      onTry: (told) => {
        hop.authentication = [...hop.authentication, told];
      },
    });
  }

  /** Sends it the first time. */
  send(): boolean {
    return this.#dispatch(this.conversation.anticipate());
  }

  /** Sends it again; whatever goes wrong before that is told to the handler. */
  repeat(controller: DispatchController, attempt: Attempt): void {
    const { exchange, hop } = this.options;
    try {
      exchange.signal?.throwIfAborted();
      hop.repeats = [...hop.repeats, this.role.name === "proxy" ? "proxy-authentication" : "authentication"];
      this.#dispatch(attempt);
    } catch (error) {
      this.fail(controller, error as Error);
    }
  }

  /**
   * Whether the connection may be authenticated that the response came on. Where a proxy forwards requests, it is the proxy's:
   * it has to say that it keeps those to servers apart by client, and must know its client in another way.
   *
   * @see RFC 4559 section 6
   */
  mayBind(fields: ResponseFields): boolean {
    const { route, target, authenticatedAs } = this.options;
    const isForwarded = route !== undefined && forwardingProxy(route, target.secure) !== undefined;
    if (this.role === PROXY_ROLE || !isForwarded) return true;
    return authenticatedAs === undefined && /session-based-authentication/i.test(String(fields["proxy-support"]));
  }

  /**
   * Begins a conversation anew whose connection was lost in its middle. Not where the server may have acted on a request that
   * changes something each time that it comes.
   */
  restart(controller: DispatchController, error: Error): boolean {
    const { options } = this;
    const { cause: loss } = error;
    if ((this.#attempt?.leg ?? 0) < 2 || !(loss instanceof ConnectionLoss) || !this.#body.canRepeat) return false;
    if (loss.processed === "unknown" && !isIdempotent(options)) return false;
    this.conversation
      .restart(() => options.hop.connection?.channelBinding())
      .then(
        (attempt) => {
          if (attempt === undefined) this.fail(controller, error);
          else this.repeat(controller, attempt);
        },
        (reason: unknown) => {
          this.fail(controller, reason as Error);
        },
      );
    return true;
  }

  /** The response that there is goes to the application. */
  settle(): void {
    if (this.#attempt?.authenticatedAs === undefined) this.#hold?.discard();
    else this.#hold?.release(this.#userAnd(this.#attempt.authenticatedAs));
    this.#end();
  }

  /** The peer did not take what it was told, and gets no more. */
  giveUp(): void {
    this.#hold?.discard();
    this.#end();
  }

  /** It fails with an error of our own. */
  fail(controller: DispatchController, error: Error): void {
    this.giveUp();
    this.#body.close(error);
    this.#handler.onResponseError?.(controller, error);
  }

  #end(): void {
    this.#hold = undefined;
    this.conversation.close();
    this.#body.release();
  }

  #dispatch(attempt: Attempt | undefined): boolean {
    const { options } = this;
    const { leg = 0, field, authenticatedAs, isBodyless = false, needsUnused = false } = attempt ?? {};
    this.#attempt = attempt;
    if (leg < 2) {
      this.#hold?.discard();
      // Where the origin has one, it is of the same connection.
      this.#hold = leg === 1 && options.hold === undefined ? new ConnectionHold({ needsUnused }) : undefined;
    }
    let { headers } = options;
    if (isBodyless) headers = withoutFields(headers, (name) => BODY_FIELDS.has(name));
    if (field !== undefined) headers = withField(headers, this.role.credentialsField, field);
    const body = isBodyless ? null : this.#body.open();
    const next: HopOptions = {
      ...options,
      headers,
      body,
      ...(authenticatedAs !== undefined && { authenticatedAs: this.#userAnd(authenticatedAs), mayBeEarly: false }),
      ...(this.#hold !== undefined && { hold: this.#hold }),
    };
    return this.#next(next, new AuthenticationTryExchange(this, this.#handler));
  }

  /** A connection may be one user's to the origin, and another's to the proxy before it. */
  #userAnd(authenticatedAs: string): string {
    const { authenticatedAs: outer } = this.options;
    return outer === undefined ? authenticatedAs : `${outer}, ${authenticatedAs}`;
  }
}
