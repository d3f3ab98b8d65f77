import type { Reply, RequestBody } from "@fairlead/access";
import type { Progress } from "./options.ts";

/** Octets that are told at once, of content that is there already. */
const PIECE_BYTES = 64 * 1024;

type Tell = (progress: Progress) => void;

/** Tells of a body as it goes out. Sent again, it is told from the beginning. */
export function tellUpload(body: Exclude<RequestBody, string>, length: number | undefined, tell: Tell): RequestBody {
  if (body instanceof Uint8Array) return () => counted(pieces(body), body.length, tell);
  if (typeof body === "function") return () => counted(body(), length, tell);
  return counted(body, length, tell);
}

/** Tells of the content of a reply as it comes, its coding undone. */
export function tellDownload(reply: Reply, tell: Tell): AsyncIterable<Uint8Array> {
  const { "content-length": length, "content-encoding": encoding } = reply.headers;
  // The length is of what is on the wire.
  const total = typeof length === "string" && encoding === undefined ? Number(length) : undefined;
  return counted(reply, total, tell);
}

async function* counted(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  total: number | undefined,
  tell: Tell,
): AsyncGenerator<Uint8Array, void> {
  let transferred = 0;
  for await (const chunk of chunks) {
    yield chunk;
    // Whoever asks for the next one has taken this.
    transferred += chunk.length;
    tell({ transferred, total });
  }
}

function* pieces(bytes: Uint8Array): Generator<Uint8Array, void> {
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) yield bytes.subarray(from, from + PIECE_BYTES);
}
