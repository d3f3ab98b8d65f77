import { PolicyError } from "@fairlead/core";
import type { DispatchController, DispatchHandler, HopOptions, ResponseFields } from "../dispatch.ts";
import type { FlatFields } from "../request-fields.ts";
import { HoldingExchange } from "./holding-exchange.ts";

/** What is tried: a request that is sent as often as its authenticator has something better. */
export interface TriedIdentification {
  readonly options: HopOptions;
  /** Whether its body can be sent once more. */
  readonly canRepeat: boolean;
  /** Finds what to send; `undefined` for nothing. */
  find(): FlatFields | undefined | Promise<FlatFields | undefined>;
  /** The fields of any response, before anybody else has them. */
  answered(status: number, fields: ResponseFields): void;
  /** What was sent was refused: whether there is something better. */
  refused(status: number, fields: ResponseFields): boolean | Promise<boolean>;
  /** Sends it again; whatever goes wrong is told to the handler. */
  repeat(controller: DispatchController, fields: FlatFields, refusedWith: ResponseFields): void;
  /** The response that there is goes to the application; `undefined` where there is none. */
  settle(status: number | undefined): void;
  /** It fails with an error of our own. */
  fail(controller: DispatchController, error: Error): void;
}

/** RFC 9110 section 15.5.8: it is the proxy that refuses. */
const PROXY_AUTHENTICATION_REQUIRED = 407;

/** One try: a response that refuses is held while something better is found. */
export class IdentificationTry extends HoldingExchange {
  readonly #request: TriedIdentification;

  constructor(request: TriedIdentification, handler: DispatchHandler) {
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
    this.#request.answered(status, fields);
    const isRefusal = status >= 400 && status < 500 && status !== PROXY_AUTHENTICATION_REQUIRED;
    const hasBetter = isRefusal && this.#request.refused(status, fields);
    if (hasBetter === false) {
      this.#request.settle(status);
      super.onResponseStart(controller, status, fields, message);
      return;
    }
    const held = this.hold(controller, status, fields, message);
    this.#findBetter(hasBetter).then(
      (found) => {
        if (found === undefined) {
          this.#request.settle(status);
          this.pass(held, this.#request.options.exchange.signal);
          return;
        }
        this.leaveHeld(controller, held);
        this.#request.repeat(controller, found, fields);
      },
      (error: unknown) => {
        this.leaveHeld(controller, held);
        this.#request.fail(controller, error as Error);
      },
    );
  }

  override onResponseError(controller: DispatchController, error: Error): void {
    if (!this.isHolding && !this.hasLeft) this.#request.settle(undefined);
    super.onResponseError(controller, error);
  }

  /** A server that changes protocols has answered. */
  override onRequestUpgrade(...upgrade: Parameters<NonNullable<DispatchHandler["onRequestUpgrade"]>>): void {
    const [, status, fields] = upgrade;
    this.#request.answered(status, fields);
    this.#request.settle(status);
    super.onRequestUpgrade(...upgrade);
  }

  async #findBetter(hasBetter: true | Promise<boolean>): Promise<FlatFields | undefined> {
    if (!(await hasBetter)) return undefined;
    if (this.#request.canRepeat) return await this.#request.find();
    const { peer } = this.#request.options.target;
    throw new PolicyError("AUTHENTICATION_BODY_NOT_REPLAYABLE", { peer, operation: "authenticate" });
  }
}
