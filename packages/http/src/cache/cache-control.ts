import { fieldLines, type FieldLines } from "./fields.ts";

/** The directives of a `Cache-Control` field, names in lower case. RFC 9111 section 5.2. */
export interface CacheControl {
  /** Whether the directive is there, with or without an argument. */
  has(name: string): boolean;
  /**
   * Seconds of a directive: `undefined` when it is absent, 0 when its argument is no delta-seconds, which makes a response
   * stale (RFC 9111 section 4.2.1), and the first where it is repeated.
   */
  seconds(name: string): number | undefined;
  /** The argument as it stands, unquoted; `undefined` without one. */
  argument(name: string): string | undefined;
}

/** Reads all `Cache-Control` lines of a message. What breaks the grammar is skipped to the next comma. */
export function cacheControl(fields: FieldLines): CacheControl {
  const directives = new Map<string, string | undefined>();
  for (const line of fieldLines(fields, "cache-control")) {
    for (const [, name = "", argument] of line.matchAll(directive)) {
      const key = name.toLowerCase();
      if (!directives.has(key)) directives.set(key, argument === undefined ? undefined : unquote(argument));
    }
  }
  return {
    has: (name) => directives.has(name),
    seconds(name) {
      if (!directives.has(name)) return undefined;
      return parseDeltaSeconds(directives.get(name)) ?? 0;
    },
    argument: (name) => directives.get(name),
  };
}

/**
 * Parses a number of seconds; more than 2^31 counts as 2^31.
 *
 * @see RFC 9111 section 1.2.2
 */
export function parseDeltaSeconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Math.min(Number(text), 2 ** 31) : undefined;
}

const directive = /(?:^|,)[\t ]*([!#$%&'*+\-.^_`|~\w]+)(?:=("(?:[^"\\]|\\.)*"|[^\s,;"]*))?(?=[\t ]*(?:,|$))/g;

function unquote(argument: string): string {
  return argument.startsWith('"') ? argument.slice(1, -1).replace(/\\(.)/g, "$1") : argument;
}
