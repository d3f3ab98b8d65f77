import { formatPartHead } from "@fairlead/http/multipart";

/** A form with files, ready to be sent, again and again. */
export interface MultipartContent {
  /** With the boundary. */
  readonly contentType: string;
  /** Octets in all. */
  readonly length: number;
  /** Each call gives all of it anew; files are read while it is. */
  readonly body: () => AsyncIterable<Uint8Array>;
}

/**
 * Writes a form with files.
 *
 * @see RFC 7578
 */
export function multipartContent(form: FormData): MultipartContent {
  const boundary = `----fairlead-${crypto.randomUUID()}`;
  const parts: (Uint8Array | Blob)[] = [];
  for (const [name, value] of form) {
    const isFile = typeof value !== "string";
    const fileName = isFile ? value.name : undefined;
    const contentType = isFile ? value.type || "application/octet-stream" : undefined;
    parts.push(octets(formatPartHead({ name, fileName, contentType }, boundary)));
    parts.push(isFile ? value : octets(value.replace(/\r\n?|\n/g, "\r\n")), octets("\r\n"));
  }
  parts.push(octets(`--${boundary}--\r\n`));
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    length: parts.reduce((sum, part) => sum + (part instanceof Uint8Array ? part.length : part.size), 0),
    body: () => octetsOf(parts),
  };
}

function octets(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function* octetsOf(parts: readonly (Uint8Array | Blob)[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const part of parts) {
    if (part instanceof Uint8Array) yield part;
    else yield* part.stream();
  }
}
