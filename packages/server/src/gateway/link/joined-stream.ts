import { Duplex } from "node:stream";
import type { BodySink, BodySource } from "../../exchange/index.ts";

/** What comes and what leaves as one stream, once a request has become another protocol. */
export function joinedStream(
  incoming: BodySource,
  outgoing: BodySink,
  onDestroy: (error: Error | null) => void,
): Duplex {
  return new Duplex({
    read() {
      incoming.read().then(
        (piece) => this.push(piece ?? null),
        (error: unknown) => this.destroy(error as Error),
      );
    },
    write(chunk: Uint8Array, _encoding, done) {
      if (outgoing.write(chunk)) done();
      else outgoing.drained().then(() => done(), done);
    },
    final(done) {
      outgoing.end();
      // What waits for credit is not to be lost when both directions have ended.
      outgoing.drained().then(() => done(), done);
    },
    destroy(error, done) {
      onDestroy(error);
      done(error);
    },
  });
}
