import type { HopOptions } from "../dispatch.ts";

/** Methods that change nothing when they come a second time. RFC 9110 section 9.2.2. */
const IDEMPOTENT_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);

/** Whether a request may be made again of which nobody knows whether the server has acted on it. */
export function isIdempotent({ method, idempotent }: HopOptions): boolean {
  return idempotent ?? IDEMPOTENT_METHODS.has(method);
}
