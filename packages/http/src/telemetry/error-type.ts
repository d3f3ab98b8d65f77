import { isCodedError } from "@fairlead/core";

/**
 * What went wrong, in a word that has few values: a code, a status from `failing` on, the name of an error. `undefined` for
 * nothing: who has the head of a response and gives up the rest of it has failed at nothing.
 *
 * @param failing 400 for clients; 500 for servers, which have done their part when the request is wrong.
 * @see https://opentelemetry.io/docs/specs/semconv/attributes-registry/error/
 */
export function errorType(status: number | undefined, error: unknown, failing: 400 | 500): string | undefined {
  if (error instanceof Error && isCodedError(error)) return error.code;
  if (status !== undefined) return status >= failing ? String(status) : undefined;
  // A signal's reason may be anything, and may be called anything.
  if (error === undefined) return undefined;
  return isPlatformError(error) ? error.name : "_OTHER";
}

/** `AbortError`, `TimeoutError`: the platform has few, and this module does without the platform. */
function isPlatformError(error: unknown): error is Error {
  return Object.prototype.toString.call(error) === "[object DOMException]";
}
