/**
 * Reads the content of a request, which stays to be read by others.
 *
 * @returns `undefined` where it is longer than the limit: no more than that is held then.
 */
export async function readContent(request: Request, limitBytes: number): Promise<Uint8Array | undefined> {
  if (request.body === null) return new Uint8Array();
  const body: ReadableStream<Uint8Array> | null = request.clone().body;
  const reader = body?.getReader();
  if (reader === undefined) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks, size);
    size += value.length;
    if (size > limitBytes) {
      // Of a stream that was parted in two, one end that is given up waits for the other.
      void reader.cancel().catch(() => undefined);
      return undefined;
    }
    chunks.push(value);
  }
}
