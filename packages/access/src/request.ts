import { UsageError } from "@fairlead/core";
import { modeFields } from "./cache/mode-fields.ts";
import { expansionLimit, type ContentExpansion } from "./content-expansion.ts";
import { Deadline } from "./deadline.ts";
import { hopOptions } from "./hop-options.ts";
import { openExchange, type ExchangeDefaults, type ExchangeOptions } from "./open-exchange.ts";
import { canReplay, openBody, type RequestBody } from "./request-body.ts";
import { flattenFields, hasField, type RequestFieldsInput } from "./request-fields.ts";
import { parseRequestUrl, pathOf } from "./request-url.ts";
import { ReplyReceiver, type Reply } from "./reply.ts";
import { originOf } from "./target.ts";
import { timeoutsOf, type Timeouts } from "./timeouts.ts";

/** What one request may say for itself. */
export interface RequestOptions extends ExchangeOptions {
  /** `GET` by default; any but `CONNECT`. Case matters, as the standard has it. */
  readonly method?: string;
  readonly headers?: RequestFieldsInput;
  /** A stream can be sent once; pass a function that opens it for redirects that ask for it again. */
  readonly body?: RequestBody;
  /** How far the response's body may grow while its content codings are undone; the manager's limit by default. */
  readonly contentExpansion?: ContentExpansion;
  /** Bytes that the response's body may have, read whole, decoded; the manager's limit by default. */
  readonly bodyLimitBytes?: number;
  /** The same as `timeouts.total`, which it takes the place of. */
  readonly timeoutMilliseconds?: number;
}

/** Makes one request without the objects of `fetch`: the fast path. */
export function startRequest(input: string | URL, options: RequestOptions, defaults: ExchangeDefaults): Promise<Reply> {
  const url = parseRequestUrl(input, defaults.schemes);
  if (options.method === "CONNECT") throw tunnelRefused(url);
  const timeouts = timeoutsOf(options.timeouts, defaults.timeouts);
  const { timeoutMilliseconds: total = timeouts.total } = options;
  if (total === Number.POSITIVE_INFINITY && options.timeoutMilliseconds === undefined) {
    return begin(url, options, timeouts, defaults, undefined);
  }
  const deadline = new Deadline(total, options.signal, url.host || url.protocol);
  try {
    return begin(url, options, timeouts, defaults, deadline);
  } catch (error) {
    deadline.clear();
    throw error;
  }
}

function begin(
  url: URL,
  options: RequestOptions,
  timeouts: Timeouts,
  defaults: ExchangeDefaults,
  deadline: Deadline | undefined,
): Promise<Reply> {
  const { body } = options;
  const signal = deadline?.signal ?? options.signal;
  if (signal?.aborted === true) return Promise.reject(signal.reason as Error);

  const exchange = openExchange(
    options,
    {
      signal,
      timeouts,
      body: body === undefined ? "none" : canReplay(body) ? "replayable" : "used",
      reopenBody: () => openBody(body),
    },
    defaults,
  );
  const contentExpansion = expansionLimit(options.contentExpansion, defaults.contentExpansion);
  const target = defaults.targets.find(originOf(url));
  const hop = hopOptions(
    {
      target,
      path: pathOf(url),
      method: options.method ?? "GET",
      headers: requestFields(options),
      body: openBody(body),
    },
    exchange,
  );
  hop.hop.fragment = url.hash;
  const { underWay } = defaults;
  const { bodyLimitBytes = defaults.bodyLimitBytes } = options;
  underWay.begin();
  const receiver = new ReplyReceiver(exchange, { bodyLimitBytes, contentExpansion }, target.peer, deadline, underWay);
  try {
    defaults.dispatch(hop, receiver);
  } catch (error) {
    underWay.end();
    throw error;
  }
  return receiver.answer;
}

/** The fields of a request: the application's own, and what its cache mode says. */
function requestFields({ headers, cache = "default" }: RequestOptions): string[] | null {
  const added = modeFields(cache);
  if (added.length === 0) return headers === undefined ? null : flattenFields(headers);
  const fields = flattenFields(headers);
  for (const [name, value] of added) if (!hasField(fields, name)) fields.push(name, value);
  return fields;
}

/** A tunnel has no response that ends: nobody would ever be answered. RFC 9110 section 9.3.6. */
function tunnelRefused(url: URL): UsageError {
  const remedy = "pass the manager as dispatcher to undici's connect";
  return new UsageError("OPTION_INVALID", { operation: "request", peer: url.host, detail: "method CONNECT", remedy });
}
