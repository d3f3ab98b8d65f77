import type { Reply } from "@fairlead/access";
import { EventStreamParser, isEventStream, type StreamEvent } from "@fairlead/http/event-stream";
import { unexpectedType, type ContentFacts } from "../content/index.ts";
import { readBeginning } from "./beginning.ts";
import { fieldOf } from "./reply-fields.ts";

/**
 * Reads server-sent events as they come, until the response ends.
 *
 * @throws ContentError CONTENT_TYPE_UNEXPECTED; ProtocolError EVENT_TOO_LARGE
 */
export async function* readEvents(
  reply: Reply,
  open: () => AsyncIterable<Uint8Array>,
  facts: ContentFacts,
): AsyncGenerator<StreamEvent, void> {
  const contentType = fieldOf(reply.headers, "content-type");
  if (!isEventStream(contentType)) throw unexpectedType((await readBeginning(reply)).bytes, contentType, facts);
  const come: StreamEvent[] = [];
  const sink = { onEvent: (event: StreamEvent) => come.push(event), onRetry: () => undefined };
  const parser = new EventStreamParser(sink, { peer: facts.peer });
  for await (const chunk of open()) {
    parser.read(chunk);
    yield* come.splice(0);
  }
}
