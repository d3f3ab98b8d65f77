import type { Reply } from "../reply.ts";
import { BodyWriter, type WritingPlace } from "./body-writer.ts";

/**
 * Writes the body of a reply as it comes, its content coding undone.
 *
 * @throws FileError, what the body failed with, or what the place's callbacks threw. What came before is written.
 */
export async function receiveBody(reply: Reply, place: WritingPlace): Promise<void> {
  const writer = new BodyWriter(place);
  writer.onFailure = (): void => {
    reply.discard();
  };
  if (reply.headers["content-encoding"] === undefined) {
    const body = reply.handOver(writer);
    writer.onRoom = (): void => {
      body.resume();
    };
  } else {
    const decoded = reply.stream();
    writer.onRoom = (): void => {
      decoded.resume();
    };
    decoded
      .on("data", (chunk: Uint8Array) => {
        if (!writer.write(chunk)) decoded.pause();
      })
      .on("end", () => {
        writer.end();
      })
      .on("error", (error) => {
        writer.fail(error);
      });
  }
  await writer.finished;
}
