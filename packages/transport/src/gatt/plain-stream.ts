import { Duplex } from "node:stream";
import { TransportError } from "@fairlead/core";
import type { MessageLink } from "../framed/message-link.ts";

/**
 * The bytes of a link's messages, and nothing else. Nothing holds the other end back: a reader that leaves more than this
 * unread loses the stream rather than the memory.
 */
export function plainStream(link: MessageLink): Duplex {
  const stream = new Duplex({
    allowHalfOpen: false,
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      sendPieces(link, chunk).then(() => {
        done();
      }, done);
    },
    destroy(error, done) {
      link.close();
      done(error);
    },
  });
  link.listen({
    message(bytes) {
      if (stream.destroyed || stream.push(bytes)) return;
      if (stream.readableLength <= mostUnreadBytes) return;
      stream.destroy(new TransportError("STREAM_OVERRUN", { peer: link.peer, operation: "read" }));
    },
    ended(error) {
      if (error === undefined) stream.push(null);
      else stream.destroy(error);
    },
  });
  return stream;
}

async function sendPieces(link: MessageLink, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; ) {
    const piece = chunk.slice(at, at + link.maxMessageBytes);
    await link.send(piece);
    at += piece.length;
  }
}

const mostUnreadBytes = 1_048_576;
