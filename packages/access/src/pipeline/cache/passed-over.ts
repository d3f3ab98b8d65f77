import type { DispatchController, DispatchHandler, ResponseFields } from "../../dispatch.ts";
import { PassingExchange } from "../passing-exchange.ts";

/** Resources that are known by name; past this the one that was found first is looked at anew. */
const LIMIT = 10_000;

/**
 * Resources whose last response was nothing to keep, as most answers of programs are: the next one is passed over unless
 * its fields say otherwise.
 */
export class PassedOver {
  readonly #keys = new Set<string>();

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  add(key: string): void {
    const [oldest] = this.#keys.size < LIMIT ? [] : this.#keys;
    if (oldest !== undefined) this.#keys.delete(oldest);
    this.#keys.add(key);
  }

  delete(key: string): void {
    this.#keys.delete(key);
  }
}

/** A request to such a resource: what comes is not kept, and from a response that could be on the next one is. */
export class PassedOverExchange extends PassingExchange {
  readonly #key: string;
  readonly #passedOver: PassedOver;

  constructor(handler: DispatchHandler, key: string, passedOver: PassedOver) {
    super(handler);
    this.#key = key;
    this.#passedOver = passedOver;
  }

  override onResponseStart(
    controller: DispatchController,
    status: number,
    fields: ResponseFields,
    message: string | undefined,
  ): void {
    if (status >= 200 && !isPlainlyUseless(fields)) this.#passedOver.delete(this.#key);
    super.onResponseStart(controller, status, fields, message);
  }
}

const SPEAKING_FIELDS = ["cache-control", "etag", "last-modified", "expires"] as const;

/** Whether a glance tells that nothing is kept: RFC 9111 section 3. */
function isPlainlyUseless(fields: ResponseFields): boolean {
  const control: string | string[] | undefined = fields["cache-control"];
  if (typeof control === "string" && control.toLowerCase() === "no-store") return true;
  return SPEAKING_FIELDS.every((name) => fields[name] === undefined);
}
