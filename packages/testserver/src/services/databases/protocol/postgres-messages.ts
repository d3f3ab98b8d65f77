/** One message of the server: its type, and what it holds. */
export interface PostgresMessage {
  readonly type: string;
  readonly parts: readonly PostgresPart[];
}

/** Text becomes a string that a zero byte ends; numbers are of four bytes; bytes are as they are. */
export type PostgresPart = string | number | Uint8Array | { readonly int16: number } | { readonly byte: number };

/** Writes a message: type, length, content. PostgreSQL 18 documentation, section 54.7. */
export function writePostgresMessage({ type, parts }: PostgresMessage): Uint8Array {
  const pieces = parts.map(writePart);
  const sizeBytes = pieces.reduce((sum, { length }) => sum + length, 4);
  const message = new Uint8Array(sizeBytes + 1);
  message[0] = type.charCodeAt(0);
  new DataView(message.buffer).setUint32(1, sizeBytes);
  let offset = 5;
  for (const piece of pieces) {
    message.set(piece, offset);
    offset += piece.length;
  }
  return message;
}

/** What an error is told with. */
export interface PostgresFault {
  /** Five characters. PostgreSQL 18 documentation, appendix A. */
  readonly code: string;
  readonly message: string;
  readonly severity?: "ERROR" | "FATAL";
}

/** ErrorResponse. */
export function errorResponse({ code, message, severity = "ERROR" }: PostgresFault): PostgresMessage {
  return { type: "E", parts: [`S${severity}`, `V${severity}`, `C${code}`, `M${message}`, { byte: 0 }] };
}

/** Parameters of a StartupMessage, in pairs of strings; `undefined` where it is none. */
export function readStartupParameters(bytes: Uint8Array): ReadonlyMap<string, string> | undefined {
  const texts = new TextDecoder().decode(bytes).split("\0");
  // Each string ends with a zero byte, and the list with another.
  if (texts.length % 2 !== 0 || texts.at(-1) !== "" || texts.at(-2) !== "") return undefined;
  const parameters = new Map<string, string>();
  for (let index = 0; index + 2 < texts.length; index += 2) parameters.set(texts[index] ?? "", texts[index + 1] ?? "");
  return parameters;
}

function writePart(part: PostgresPart): Uint8Array {
  if (typeof part === "string") return new TextEncoder().encode(`${part}\0`);
  if (part instanceof Uint8Array) return part;
  if (typeof part === "number") {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setInt32(0, part);
    return bytes;
  }
  return "byte" in part ? new Uint8Array([part.byte]) : new Uint8Array([(part.int16 >> 8) & 0xff, part.int16 & 0xff]);
}
