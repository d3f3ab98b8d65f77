import type { CookieContext } from "@fairlead/http/cookies";
import type { HopOptions, ResponseFields, Stage } from "../dispatch.ts";
import type { CookieMemories } from "../memory/cookie-memories.ts";
import type { CookieMemory } from "../memory/cookie-memory.ts";
import { hasField, withField } from "../request-fields.ts";

/** Where cookies come from and go to. */
export interface CookieSources {
  readonly verified: CookieMemories;
  /** Those of servers whose certificates were let in by exception: nobody knows whether they are who they say. */
  readonly excepted: CookieMemories;
}

/** Sends the cookies that belong to each hop. A `Cookie` field of the application's own takes their place. */
export function cookies(memories: CookieSources): Stage {
  return (next) => (options, handler) => {
    const value = cookieField(memories, options);
    if (value === "" || hasField(options.headers, "cookie")) return next(options, handler);
    return next({ ...options, headers: withField(options.headers, "cookie", value) }, handler);
  };
}

/** The value of the `Cookie` field that belongs to a hop; empty when there is none. */
export function cookieField(memories: CookieSources, options: HopOptions): string {
  if (!options.exchange.cookies) return "";
  const memory = memoryFor(options, memories);
  return memory.knows(options.target.urlHost) ? memory.header(cookieContext(options)) : "";
}

/** Learns the cookies of a response. */
export function learnCookies(memories: CookieSources, options: HopOptions, fields: ResponseFields): void {
  const values: string | readonly string[] | undefined = fields["set-cookie"];
  if (values === undefined || !options.exchange.cookies) return;
  const memory = memoryFor(options, memories);
  const context = cookieContext(options);
  // A lone field comes as text, whatever the type says.
  for (const value of typeof values === "string" ? [values] : values) memory.learn(value, context);
}

function memoryFor({ hop, exchange }: HopOptions, { verified, excepted }: CookieSources): CookieMemory {
  return (hop.isExcepted ? excepted : verified).in(exchange.partition);
}

function cookieContext({ target, path, method, exchange }: HopOptions): CookieContext {
  const query = path.indexOf("?");
  return {
    url: {
      protocol: target.protocol,
      hostname: target.urlHost,
      pathname: query === -1 ? path : path.slice(0, query),
    },
    method,
    siteForCookies: exchange.siteForCookies,
    topLevelNavigation: exchange.topLevelNavigation,
  };
}
