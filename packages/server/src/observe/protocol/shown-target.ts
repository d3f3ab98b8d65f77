import { REDACTED, redactUrls } from "@fairlead/http/redaction";

/** What is shown of a query: all but the values of known secrets, names alone, nothing. */
export type QueryVisibility = "redacted" | "names" | "hidden";

/** A target as it may be looked at. */
export interface ShownTarget {
  readonly path: string;
  readonly query: string | undefined;
}

/** Longer values are cut: a client decides how long they are, not how long a log gets. */
const VALUE_LENGTH = 1_024;

/** Path and query without what is secret in them, and not longer than is of use. */
export function shownTarget(target: string, visibility: QueryVisibility): ShownTarget {
  // Secrets are taken out before it is cut: of one that is cut in two, the rest would be no longer known as such.
  const { path, query } = splitTarget(redactUrls(target));
  if (query === undefined || visibility === "hidden") return { path: cutValue(path), query: undefined };
  return { path: cutValue(path), query: cutValue(visibility === "names" ? withoutValues(query) : query) };
}

/** A value that a client has chosen, at most so long that it is of use. */
export function cutValue(value: string): string {
  return value.length <= VALUE_LENGTH ? value : `${value.slice(0, VALUE_LENGTH)}…`;
}

function splitTarget(target: string): ShownTarget {
  const mark = target.indexOf("?");
  if (mark === -1) return { path: target, query: undefined };
  return { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

function withoutValues(query: string): string {
  return query
    .split("&")
    .map((pair) => {
      const equals = pair.indexOf("=");
      // A query that is no list of parameters is all value.
      return equals === -1 ? REDACTED : `${pair.slice(0, equals)}=${REDACTED}`;
    })
    .join("&");
}
