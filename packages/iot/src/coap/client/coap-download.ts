import { ProtocolError } from "@fairlead/core";
import { formatPeer } from "@fairlead/transport";
import type { CoapPiece } from "../blocks/download-body.ts";
import type { CoapUri } from "../protocol/index.ts";
import { CoapReply } from "./coap-reply.ts";

/** A body that is received block by block. */
export interface CoapDownload {
  /** What the first block says: look at `ok` before anything else. Its payload is that block. */
  readonly reply: CoapReply;
  /** What the server announced (Size2), which may be wrong; `undefined` where it said nothing. */
  readonly totalBytes: number | undefined;
  /** Where in the body the first piece begins: 0 unless the server went on with what was resumed. */
  readonly offset: number;
  /**
   * The pieces in order, without gaps; to be iterated once. The next block is asked for when the last was taken, so that
   * leaving it costs nobody anything.
   *
   * @throws ProtocolError COAP_TRANSFER_REFUSED, COAP_REPRESENTATION_CHANGED, COAP_RESPONSE_UNUSABLE; what `download` throws.
   */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Begins a download: waits for its first block. */
export async function beginDownload(
  uri: CoapUri,
  pieces: AsyncGenerator<CoapPiece, void, undefined>,
): Promise<CoapDownload> {
  const peer = formatPeer(uri.host, uri.port);
  const first = await pieces.next();
  if (first.done === true) throw new ProtocolError("COAP_RESPONSE_UNUSABLE", { peer, operation: "download" });
  const { response, totalBytes, offset } = first.value;
  return { reply: new CoapReply(uri, response), totalBytes, offset, body: bodyOf(first.value, pieces, peer) };
}

async function* bodyOf(
  first: CoapPiece,
  pieces: AsyncGenerator<CoapPiece, void, undefined>,
  peer: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield first.response.payload;
  for await (const { response } of pieces) {
    if (!response.code.startsWith("2.")) {
      throw new ProtocolError("COAP_TRANSFER_REFUSED", { peer, operation: "download", detail: response.code });
    }
    yield response.payload;
  }
}
