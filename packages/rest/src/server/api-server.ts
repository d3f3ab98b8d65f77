import { UsageError } from "@fairlead/core";
import type { FetchHandler } from "@fairlead/server";
import { LeanResponse } from "@fairlead/server/fetch";
import type { ApiDefinition, Handlers } from "../contract/api.ts";
import type { Operation, Operations } from "../contract/operation.ts";
import type { OpenApiOptions } from "../openapi/index.ts";
import { Problem, problemResponse } from "./problem.ts";
import { requestTarget } from "./protocol/request-target.ts";
import { RouteTree } from "./protocol/route-tree.ts";
import { publishDocument, publishPage, type Published } from "./published.ts";
import type { Arrival } from "./received-call.ts";
import { type AnyHandler, ServedOperation } from "./served-operation.ts";
import { type OnOperationError, tellFailure, warnOfFailure } from "./tell-failure.ts";

/** How a contract is served. */
export interface ApiServerOptions {
  /** What the contract's paths come after, as `/v1`; nothing by default. */
  readonly prefix?: string;
  /** Where the OpenAPI document is, below the prefix: `/openapi.json` by default, `false` for nowhere. */
  readonly document?: `/${string}` | false;
  /** Where the page to try it is, below the prefix: `/docs` by default where there is a document, `false` for nowhere. */
  readonly page?: `/${string}` | false;
  /** How the document is made, where schemas do not say by themselves what they are in JSON Schema; where the service is. */
  readonly openapi?: OpenApiOptions;
  /** Octets that a call's content may have; 1 MiB by default. Of content that comes item by item, those of one item. */
  readonly contentLimitBytes?: number;
  /**
   * Told what a handler threw, and of answers that break the contract (ContentError CONTRACT_BROKEN): both are answered with
   * 500, which says nothing of it. By default it becomes a warning of the process.
   */
  readonly onError?: OnOperationError;
}

/** What a route leads to. */
type Target = (arrival: Arrival) => Response | Promise<Response>;

/**
 * Serves a contract: what keeps to it reaches the handlers, and what they give, checked as well, the client. Everything
 * else is answered with problem details.
 *
 * @throws UsageError OPTION_INVALID for two operations of one method and path, and for what cannot be served.
 */
export function apiServer<Ops extends Operations>(
  api: ApiDefinition<Ops>,
  handlers: Handlers<Ops>,
  options: ApiServerOptions = {},
): FetchHandler {
  const routes = new RouteTree<Target>();
  addOperations(routes, api, handlers, options);
  addPublications(routes, api, options);
  return (request, context) => {
    const { path, query } = requestTarget(request.url);
    const route = routes.find(request.method, path);
    switch (route.type) {
      case "found":
        return route.target({ request, context, values: route.values, query });
      case "method-missing":
        return otherMethod(request.method, route.methods);
      case "path-missing":
        return problemResponse(new Problem(404));
      case "malformed":
        return problemResponse(
          new Problem(400, { detail: "the percent-encoding of the path is none, or of no UTF-8" }),
        );
    }
  };
}

function addOperations<Ops extends Operations>(
  routes: RouteTree<Target>,
  { operations }: ApiDefinition<Ops>,
  handlers: Handlers<Ops>,
  { prefix = "", contentLimitBytes = CONTENT_LIMIT_BYTES, onError = warnOfFailure }: ApiServerOptions,
): void {
  if (prefix.endsWith("/")) throw invalid("prefix", "leave out the slash at its end");
  if (!(contentLimitBytes >= 0)) throw invalid("contentLimitBytes", "give a number from 0, or Infinity for none");
  for (const [name, operation] of Object.entries<Operation>(operations)) {
    const handler: unknown = handlers[name];
    if (!isHandler(handler)) throw invalid(`handler ${name}`, "give each operation a function that answers it");
    const served = new ServedOperation(name, operation, handler, { contentLimitBytes, onError });
    routes.add(operation.method, prefix + operation.path, (arrival) => served.answer(arrival));
  }
}

function addPublications(
  routes: RouteTree<Target>,
  api: ApiDefinition,
  { prefix = "", document = "/openapi.json", page = "/docs", openapi = {}, onError = warnOfFailure }: ApiServerOptions,
): void {
  if (document === false) return;
  const publish = (path: string, published: Published): void => {
    routes.add("GET", prefix + path, async ({ request }) => {
      try {
        return await published(request);
      } catch (error) {
        tellFailure(onError, error, request, `GET ${path}`);
        return problemResponse(new Problem(500));
      }
    });
  };
  publish(document, publishDocument(api, document, openapi));
  if (page !== false) publish(page, publishPage(api, page, document));
}

const CONTENT_LIMIT_BYTES = 1_048_576;

/** What its call has is what the contract's schemas make, which its type says and nobody else can. */
function isHandler(handler: unknown): handler is AnyHandler {
  return typeof handler === "function";
}

/** RFC 9110 sections 9.3.7, 10.2.1 and 15.5.6. */
function otherMethod(method: string, methods: readonly string[]): Response {
  const allow = [...methods, "OPTIONS"].join(", ");
  if (method === "OPTIONS") return new LeanResponse(null, { status: 204, fields: ["allow", allow] });
  return problemResponse(new Problem(405, {}, { allow }));
}

function invalid(detail: string, remedy: string): UsageError {
  return new UsageError("OPTION_INVALID", { detail, remedy });
}
