import { parseHttpDate } from "../cache/http-date.ts";
import { findLink, parseLinks } from "../link/index.ts";
import { parseItem } from "../structured-fields/index.ts";

/** What a service says of the end of what was asked for. Times are in milliseconds since the epoch. */
export interface DeprecationNotice {
  /** Since when, or from when on, it should no longer be used; `undefined` where that is not said. */
  readonly deprecatedAt: number | undefined;
  /** When it will be gone. */
  readonly sunsetAt: number | undefined;
  /** Where people read about it, as it was written. */
  readonly information: string | undefined;
  /** What is to be used in its place, as it was written. */
  readonly successor: string | undefined;
}

/**
 * Reads `Deprecation` and `Sunset`; `undefined` where a response has neither.
 *
 * @param field the lines of a field, joined by commas, by lower-case name.
 * @param now milliseconds since the epoch.
 * @see RFC 9745, RFC 8594
 */
export function readDeprecation(
  field: (name: string) => string | undefined,
  now: number,
): DeprecationNotice | undefined {
  const deprecation = field("deprecation");
  const sunset = field("sunset");
  if (deprecation === undefined && sunset === undefined) return undefined;
  const links = parseLinks(field("link"));
  return {
    deprecatedAt: deprecation === undefined ? undefined : deprecationDate(deprecation, now),
    sunsetAt: sunset === undefined ? undefined : parseHttpDate(sunset.trim(), now),
    information: (findLink(links, "deprecation") ?? findLink(links, "sunset"))?.target,
    successor: findLink(links, "successor-version")?.target,
  };
}

/** `@1688169599`; an HTTP date in the drafts before. */
function deprecationDate(value: string, now: number): number | undefined {
  const item = parseItem(value);
  return item?.type === "date" ? item.value * 1_000 : parseHttpDate(value.trim(), now);
}
