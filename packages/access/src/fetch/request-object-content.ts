import { bytesContent, readBytes, StreamContent, type RequestContent } from "./request-content.ts";

/** Bytes in several chunks that are taken in before a body counts as one that comes as it comes. */
const GATHERED_LIMIT_BYTES = 1024 * 1024;

/**
 * The content of a `Request`, which shows its body as a stream alone. What the application gave as text, bytes or a form
 * of text is all there within one turn of the event loop: it is sent with its length, which many servers insist on, and
 * again after a redirect. Anything else is the stream that it is.
 *
 * @throws what the stream fails with; TypeError when it was read already.
 */
export async function requestObjectContent(body: ReadableStream<unknown>): Promise<RequestContent> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  const turn = new Promise<undefined>((resolve) => setImmediate(resolve, undefined));
  for (;;) {
    const reading = reader.read();
    const result =
      chunks.length > 1 && sizeBytes > GATHERED_LIMIT_BYTES ? undefined : await Promise.race([reading, turn]);
    if (result === undefined) return new StreamContent(continued(chunks, reading, reader), reader);
    if (result.done) return bytesContent(Buffer.concat(chunks));
    const bytes = readBytes(result.value);
    chunks.push(bytes);
    sizeBytes += bytes.length;
  }
}

async function* continued(
  chunks: readonly Uint8Array[],
  reading: ReturnType<ReadableStreamDefaultReader<unknown>["read"]>,
  reader: ReadableStreamDefaultReader<unknown>,
): AsyncGenerator<Uint8Array, void> {
  yield* chunks;
  for (let next = await reading; !next.done; next = await reader.read()) yield readBytes(next.value);
}
