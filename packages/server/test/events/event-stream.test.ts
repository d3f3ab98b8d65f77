import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eventStream, type EventStreamOptions, type OnEventStream } from "../../src/events/index.ts";
import { startPlainServer } from "../plain-server.ts";

async function startEvents(onStream: OnEventStream, options?: EventStreamOptions) {
  return startPlainServer((request, context) => eventStream(request, context, onStream, options));
}

describe("a stream of events", () => {
  test("sends what it is given, and ends with its function", async () => {
    await using server = await startEvents(
      async (stream) => {
        await stream.send({ data: "one\ntwo", event: "tick", id: "7" });
        await stream.send({ data: `since ${stream.lastEventId}` });
      },
      { retry: 50 },
    );
    const response = await fetch(server.origin, { headers: { "last-event-id": "6" } });
    assert.equal(response.headers.get("content-type"), "text/event-stream");
    assert.equal(await response.text(), "retry: 50\n\nevent: tick\nid: 7\ndata: one\ndata: two\n\ndata: since 6\n\n");
    await Promise.all(server.work);
    assert.deepEqual(server.errors, []);
  });
});
