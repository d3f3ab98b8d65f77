import type { FetchHandler } from "../fetch-handler.ts";
import type { Awaitable, Plugin } from "../plugin.ts";

/**
 * Puts plug-ins around a handler: requests pass them in order, answers in reverse. A plug-in's response hook is given the
 * request as its request hook was, so that what it keeps by request it finds again.
 *
 * Without hooks the handler comes back as it is; hooks that return no promise cost none.
 *
 * @example
 * ```ts
 * const app = composePlugins([metrics, authentication], handler);
 * ```
 */
export function composePlugins(plugins: readonly Plugin[], fetch: FetchHandler): FetchHandler {
  return plugins.reduceRight(around, fetch);
}

function around(inner: FetchHandler, plugin: Plugin): FetchHandler {
  if (plugin.request === undefined && plugin.response === undefined) return inner;
  return (request, context) =>
    then(plugin.request?.(request, context), (given) => {
      if (given !== undefined && isResponse(given)) return given;
      const answer = inner(given ?? request, context);
      if (plugin.response === undefined) return answer;
      return then(answer, (response) => plugin.response?.(response, request, context) ?? response);
    });
}

/** Goes on with a value, later only where it comes later. */
function then<Value, Next>(value: Awaitable<Value>, next: (value: Value) => Awaitable<Next>): Awaitable<Next> {
  return isPromise(value) ? value.then(next) : next(value);
}

function isPromise<Value>(value: Awaitable<Value>): value is Promise<Value> {
  return typeof value === "object" && value !== null && "then" in value;
}

/** Whichever library has made it. */
function isResponse(given: Request | Response): given is Response {
  return "status" in given;
}
