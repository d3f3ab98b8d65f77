/** What an exception is for, as a connection's question puts it. */
export interface ExceptionSubject {
  /** SHA-256 of the leaf in hexadecimal. */
  readonly fingerprint: string;
  readonly problems: readonly { readonly code: string }[];
}

/** A decision that is remembered. */
export interface RememberedException {
  /** From `exceptionKey`. */
  readonly key: string;
  /** Milliseconds since the epoch; `undefined` where it does not end. */
  readonly until: number | undefined;
}

/**
 * Names what an exception is for: a certificate, and the kinds of problems that it had. The same certificate with another
 * problem is another question. Without a space; equal exactly for the same certificate and kinds.
 */
export function exceptionKey({ fingerprint, problems }: ExceptionSubject): string {
  return `${fingerprint}:${[...new Set(problems.map(({ code }) => code))].sort().join(",")}`;
}

/** The certificate and the kinds of problems of a key. */
export function readExceptionKey(key: string): { readonly fingerprint: string; readonly problems: string } {
  const [fingerprint = "", problems = ""] = key.split(":");
  return { fingerprint, problems };
}

/** Writes the exceptions of one server, a line for each. */
export function encodeExceptions(exceptions: readonly RememberedException[]): Uint8Array {
  return encoder.encode(
    exceptions.map(({ key, until }) => `${key} ${until === undefined ? "never" : String(until)}`).join("\n"),
  );
}

/** Reads what `encodeExceptions` has written; `undefined` for anything else. */
export function decodeExceptions(bytes: Uint8Array): readonly RememberedException[] | undefined {
  const exceptions: RememberedException[] = [];
  for (const line of decoder.decode(bytes).split("\n")) {
    const [, key, end] = /^([0-9a-f]{64}:[A-Z_,]*) (never|\d{1,16})$/.exec(line) ?? [];
    if (key === undefined) return undefined;
    exceptions.push({ key, until: end === "never" ? undefined : Number(end) });
  }
  return exceptions.length > EXCEPTIONS_LIMIT ? undefined : exceptions;
}

/** Of one server; a fleet may show several certificates. */
export const EXCEPTIONS_LIMIT = 8;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
