import { createHash } from "node:crypto";
import { evaluatePreconditions } from "@fairlead/http/conditional";
import { LeanResponse, requestField } from "@fairlead/server/fetch";
import type { ApiDefinition } from "../contract/api.ts";
import type { OpenApiOptions } from "../openapi/index.ts";
import { relativeAddress } from "./protocol/relative-address.ts";

/** Something about a contract that anybody may read, made when somebody first does. */
export type Published = (request: Request) => Promise<Response>;

/**
 * The contract as an OpenAPI document.
 *
 * @param path below the prefix of the contract.
 */
export function publishDocument(api: ApiDefinition, path: `/${string}`, options: OpenApiOptions): Published {
  return publish(async () => {
    const { describeApi } = await import("../openapi/index.ts");
    const document = describeApi(api, { servers: [relativeAddress(path, "/")], ...options });
    return { text: JSON.stringify(document), fields: ["content-type", "application/json"] };
  });
}

/** The page to try a contract on. */
export function publishPage(api: ApiDefinition, path: `/${string}`, document: `/${string}`): Published {
  return publish(async () => {
    const { tryPage } = await import("../openapi/index.ts");
    const { html, contentSecurityPolicy } = tryPage(relativeAddress(path, document), api.title);
    const fields = [
      ...["content-type", "text/html;charset=UTF-8"],
      ...["content-security-policy", contentSecurityPolicy],
      ...["x-content-type-options", "nosniff"],
      ...["referrer-policy", "no-referrer"],
    ];
    return { text: html, fields };
  });
}

interface Publication {
  readonly text: string;
  readonly fields: readonly string[];
}

function publish(make: () => Promise<Publication>): Published {
  let made: Promise<Publication & { readonly tag: string }> | undefined;
  return async (request) => {
    const { text, fields, tag } = await (made ??= make().then(tagged));
    const conditions = { ifNoneMatch: requestField(request, "if-none-match") };
    const own = ["etag", tag, "cache-control", "no-cache"];
    const outcome = evaluatePreconditions("GET", conditions, { etag: tag, lastModified: undefined }, 0);
    if (outcome === "not-modified") return new LeanResponse(null, { status: 304, fields: own });
    return new LeanResponse(text, { fields: [...fields, ...own] });
  };
}

function tagged(publication: Publication): Publication & { readonly tag: string } {
  const digest = createHash("sha256").update(publication.text).digest("base64url");
  return { ...publication, tag: `"${digest.slice(0, 27)}"` };
}
