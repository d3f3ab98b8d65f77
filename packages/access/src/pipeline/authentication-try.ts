import type { Hash } from "node:crypto";
import type { Attempt, ResponseCheck } from "../authentication/attempt.ts";
import { startHash } from "../authentication/digest-nonce.ts";
import type { AuthenticationConversation } from "../authentication/conversation.ts";
import { ORIGIN_ROLE, PROXY_ROLE, type AuthenticationRole } from "../authentication/role.ts";
import type { DispatchController, DispatchHandler, HopOptions, ResponseFields } from "../dispatch.ts";
import type { HeldResponse } from "./held-response.ts";
import { HoldingExchange } from "./holding-exchange.ts";
import type { Learn } from "./learn.ts";

/** What is tried: a request that is sent as often as it takes. */
export interface TriedRequest {
  readonly role: AuthenticationRole;
  readonly options: HopOptions;
  readonly conversation: AuthenticationConversation;
  readonly learn: Learn;
  /** Whether the connection may be authenticated that the response came on. */
  mayBind(fields: ResponseFields): boolean;
  /** Sends it again; whatever goes wrong before that is told to the handler. */
  repeat(controller: DispatchController, attempt: Attempt): void;
  /** Begins a conversation anew whose connection was lost in its middle; `false` where that cannot be. */
  restart(controller: DispatchController, error: Error): boolean;
  /** The response that there is goes to the application. */
  settle(): void;
  /** The peer did not take what it was told, and gets no more. */
  giveUp(): void;
  /** It fails with an error of our own. */
  fail(controller: DispatchController, error: Error): void;
}

/** One try: a response that asks who the client is, is held while that is found out. */
export class AuthenticationTryExchange extends HoldingExchange {
  readonly #request: TriedRequest;
  #hasResponse = false;
  /** What the content is hashed for, as it comes. */
  #checked: { readonly check: ResponseCheck; readonly hash: Hash } | undefined;

  constructor(request: TriedRequest, handler: DispatchHandler) {
    super(handler);
    this.#request = request;
  }

  override onResponseStart(
    controller: DispatchController,
    status: number,
    fields: ResponseFields,
    message: string | undefined,
  ): void {
    if (status < 200) {
      super.onResponseStart(controller, status, fields, message);
      return;
    }
    this.#hasResponse = true;
    const { role, conversation } = this.#request;
    const challenges = valuesOf(fields, role.challengeField);
    if (status === role.status) {
      const held = this.hold(controller, status, fields, message);
      const { hop } = this.#request.options;
      conversation
        .answer(challenges, () => hop.connection?.channelBinding(), this.#request.mayBind(fields))
        .then(
          (attempt) => {
            if (attempt === undefined) {
              this.#request.giveUp();
              this.#pass(held);
              return;
            }
            this.#request.learn(this.#request.options, fields);
            this.leaveHeld(controller, held);
            this.#request.repeat(controller, attempt);
          },
          (error: unknown) => {
            this.leaveHeld(controller, held);
            this.#request.fail(controller, error as Error);
          },
        );
      return;
    }
    if (role === ORIGIN_ROLE && status === PROXY_ROLE.status) {
      // The request never got as far as who was told.
      this.#request.giveUp();
      super.onResponseStart(controller, status, fields, message);
      return;
    }
    let accepted: ReturnType<typeof conversation.accepted>;
    try {
      accepted = conversation.accepted(status, challenges, valuesOf(fields, role.infoField)[0]);
    } catch (error) {
      controller.abort(error as Error);
      return;
    }
    if (accepted instanceof Promise) {
      const held = this.hold(controller, status, fields, message);
      accepted.then(
        () => {
          this.#request.settle();
          this.#pass(held);
        },
        (error: unknown) => {
          this.leaveHeld(controller, held);
          this.#request.fail(controller, error as Error);
        },
      );
      return;
    }
    this.#request.settle();
    if (accepted !== undefined) this.#checked = { check: accepted, hash: startHash(accepted.hash) };
    super.onResponseStart(controller, status, fields, message);
  }

  override onResponseData(controller: DispatchController, chunk: Buffer): void {
    this.#checked?.hash.update(chunk);
    super.onResponseData(controller, chunk);
  }

  override onResponseEnd(controller: DispatchController, trailers: ResponseFields): void {
    try {
      if (!this.isHolding) this.#checked?.check.verify(this.#checked.hash.digest("hex"));
    } catch (error) {
      super.onResponseError(controller, error as Error);
      return;
    }
    super.onResponseEnd(controller, trailers);
  }

  override onResponseError(controller: DispatchController, error: Error): void {
    if (!this.isHolding && !this.hasLeft) {
      if (!this.#hasResponse && this.#request.restart(controller, error)) return;
      this.#request.giveUp();
    }
    super.onResponseError(controller, error);
  }

  /** A server that changes protocols has accepted its client, and has its own proof to give. */
  override onRequestUpgrade(...upgrade: Parameters<NonNullable<DispatchHandler["onRequestUpgrade"]>>): void {
    const [controller, status, fields, stream] = upgrade;
    const { role, conversation } = this.#request;
    const pass = (): void => {
      this.#request.settle();
      super.onRequestUpgrade(...upgrade);
    };
    const refuse = (error: unknown): void => {
      stream.destroy();
      this.#request.fail(controller, error as Error);
    };
    try {
      const challenges = valuesOf(fields, role.challengeField);
      const accepted = conversation.accepted(status, challenges, valuesOf(fields, role.infoField)[0]);
      if (accepted instanceof Promise) {
        // It is nobody's meanwhile, and what it fails with is found by whoever takes it.
        stream.on("error", () => undefined);
        accepted.then(pass, refuse);
        return;
      }
      // There is no content.
      accepted?.verify(startHash(accepted.hash).digest("hex"));
    } catch (error) {
      refuse(error);
      return;
    }
    pass();
  }

  #pass(held: HeldResponse): void {
    this.pass(held, this.#request.options.exchange.signal);
  }
}

/** All values of a field; a lone one comes as text, whatever the type says. */
function valuesOf(fields: ResponseFields, name: string): readonly string[] {
  const values: string | readonly string[] | undefined = fields[name];
  if (values === undefined) return [];
  return typeof values === "string" ? [values] : values;
}
