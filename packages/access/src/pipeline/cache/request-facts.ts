import {
  conditionalFieldNames,
  fieldValue,
  type CacheIdentity,
  type CacheMode,
  type CacheRequest,
} from "@fairlead/http/cache";
import { createHmac } from "node:crypto";
import type { Round } from "../../agreement/shared-questions.ts";
import type { HopOptions } from "../../dispatch.ts";
import { fieldPairs } from "../../request-fields.ts";

/** Who a request is made for, where its fields do not say. */
export interface RequestUser {
  /** Of one manager, and never stored: what credentials got is used again by nobody else, and after no restart. */
  readonly nameKey: Uint8Array;
  /** The `Cookie` field that a later stage adds; empty for none. */
  cookieField(options: HopOptions): string;
  /** The fingerprint of the client certificate that there is to show; empty for none. */
  certificate(options: HopOptions): string;
  /** Whether a certificate is let in by exception. */
  isExcepted(options: HopOptions): boolean;
  /** The questions to the application in which a request takes part that waits for another. */
  joinRound(options: HopOptions): Round | undefined;
  /** Names, within this process, who authenticates by a later stage; empty for nobody. */
  authorization(options: HopOptions): string;
}

/** A request as a cache sees it. */
export interface RequestFacts extends CacheRequest {
  readonly key: string;
  readonly mode: CacheMode;
  readonly identity: CacheIdentity;
  readonly range: string | undefined;
  /** Whether it brings conditions of its own. */
  readonly isConditional: boolean;
  /** Whether others that ask the same may get the same response while it comes. */
  readonly isShareable: boolean;
}

/**
 * Collects what a cache decides by.
 *
 * @param key from `cacheKey`.
 */
export function requestFacts(options: HopOptions, user: RequestUser, key: string): RequestFacts {
  const { method, origin, path, exchange } = options;
  const given = fieldPairs(options.headers);
  const ownCookies = fieldValue(given, "cookie");
  const cookies = ownCookies === undefined ? user.cookieField(options) : "";
  const authorization = fieldValue(given, "authorization");
  const range = fieldValue(given, "range");
  const isConditional = given.some(([name]) => conditionalFieldNames.has(name));
  const mode = exchange.cache;
  return {
    key,
    method,
    get url() {
      return new URL(origin + path);
    },
    fields: cookies === "" ? given : [...given, ["cookie", cookies]],
    mode,
    identity: {
      authorization:
        authorization === undefined ? nameOf(user.authorization(options), user) : nameOf(authorization, user),
      cookies: ownCookies === undefined ? (cookies === "" ? "" : "own") : nameOf(ownCookies, user),
      certificate: user.certificate(options),
    },
    range,
    isConditional,
    isShareable:
      method === "GET" &&
      mode === "default" &&
      range === undefined &&
      !isConditional &&
      !given.some(([name]) => name === "cache-control" || name === "pragma"),
  };
}

/** For whom a response was made, after it came: a server may have asked who it is. */
export function answeredIdentity(facts: RequestFacts, options: HopOptions, user: RequestUser): CacheIdentity {
  const { identity } = facts;
  const isOwn = fieldValue(facts.fields, "authorization") !== undefined;
  return {
    ...identity,
    authorization: isOwn ? identity.authorization : nameOf(user.authorization(options), user),
    certificate: user.certificate(options),
  };
}

/** Names what must not be found out: whoever reads the names in a file cannot try passwords on them. */
function nameOf(secret: string, { nameKey }: RequestUser): string {
  if (secret === "") return "";
  return createHmac("sha256", nameKey).update(secret).digest("base64url");
}
