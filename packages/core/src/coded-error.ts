/** Who has to act before the same operation can succeed. */
export type Fixer = "caller" | "operator" | "peer" | "network" | "machine";

/** One line of the error reference. */
export interface ErrorCodeEntry {
  /** What happened, as a lower-case clause. */
  readonly what: string;
  /** What to do about it, as a lower-case imperative clause. */
  readonly remedy: string;
  /** Who can mend it. */
  readonly fixer: Fixer;
  /** Whether the same call, unchanged, may succeed later. */
  readonly retryHelps: boolean;
}

/** The facts that every error of Fairlead carries, whatever class it extends. */
export interface CodedError extends Error {
  /** Stable name of what happened; one line of the error reference. */
  readonly code: string;
  /** The other side: `host:port`, a path or a store URL. Never holds user information. */
  readonly peer: string | undefined;
  /** What was being done: `connect`, `read`, `open`. */
  readonly operation: string | undefined;
  /** What to do about it. */
  readonly remedy: string;
}

/** What the thrower knows; the rest of the message comes from the code's entry. */
export interface ErrorFacts {
  /** The other side: `host:port`, a path or a store URL. Must not hold user information, secrets or bodies. */
  readonly peer?: string | undefined;
  /** A verb: `connect`, `read`, `open`. */
  readonly operation?: string | undefined;
  /** One clause that is particular to this occurrence. Must not hold secrets or bodies. */
  readonly detail?: string | undefined;
  /** A remedy that is more exact than the code's own. */
  readonly remedy?: string | undefined;
  /** The error from the layer below. */
  readonly cause?: unknown;
}

/**
 * Tells whether a caught value carries a code, peer and remedy of Fairlead. Holds for errors of another copy of this
 * package too, which `instanceof` does not.
 *
 * @example
 * try { await manager.request(url) } catch (error) { if (isCodedError(error)) console.error(error.code, error.remedy) }
 */
export function isCodedError(value: unknown): value is CodedError {
  return (
    value instanceof Error &&
    "code" in value &&
    typeof value.code === "string" &&
    "remedy" in value &&
    typeof value.remedy === "string"
  );
}

/**
 * Joins operation, peer, what happened and remedy to one line: `connect host:443: the connection was refused; check …`.
 *
 * Peers and details can come from the other side, so whatever could move a terminal's cursor, start a second log line
 * or turn the direction of the text is written as an escape, `\u{1b}`.
 */
export function formatErrorMessage(entry: ErrorCodeEntry, facts: ErrorFacts): string {
  const subject = [facts.operation, facts.peer].filter((part) => part !== undefined).join(" ");
  const what = facts.detail === undefined ? entry.what : `${entry.what} (${shorten(facts.detail)})`;
  return escapeControls(`${subject === "" ? "" : `${subject}: `}${what}; ${facts.remedy ?? entry.remedy}`);
}

/** Code units of a detail that are told; a peer may have written it, and need not fill a log. */
const DETAIL_LIMIT = 1_000;

function shorten(detail: string): string {
  return detail.length <= DETAIL_LIMIT ? detail : `${detail.slice(0, DETAIL_LIMIT)}…`;
}

/**
 * Writes what could move a terminal's cursor, start a second line or turn the direction of the text as an escape,
 * `\u{1b}`. For text from outside that is printed or logged.
 */
export function escapeControls(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
