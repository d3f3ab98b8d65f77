/** All of a request's content; `undefined` where it is larger than allowed, of which no more is kept than that. */
export async function readBody(request: Request, limitBytes: number): Promise<Uint8Array | undefined> {
  if (Number(request.headers.get("content-length") ?? 0) > limitBytes) return undefined;
  const pieces: Uint8Array[] = [];
  let length = 0;
  // A browser's types leave out that a stream can be iterated.
  for await (const piece of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    length += piece.length;
    if (length > limitBytes) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
