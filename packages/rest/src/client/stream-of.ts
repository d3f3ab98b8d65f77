import type { Reply } from "@fairlead/access";
import { discardWhenLost } from "./abandoned.ts";

/** The content of a reply as a stream of the web. It reads when it is read from; cancelled or lost, it gives up the rest. */
export function streamOf(reply: Reply, chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await iterator.next();
        if (next.done === true) controller.close();
        else controller.enqueue(next.value);
      },
      cancel() {
        reply.discard();
      },
    },
    { highWaterMark: 0 },
  );
  discardWhenLost(stream, reply);
  return stream;
}
