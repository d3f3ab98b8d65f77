import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameReader, FrameType, FrameWriter } from "../../src/gateway/protocol/index.ts";
import { GatewayCall } from "../../src/gateway/server-end/gateway-call.ts";

test("an answer that nobody reads is given up after two minutes, and one that is read is not", async () => {
  for (const isRead of [true, false]) {
    const writer = new FrameWriter();
    const link = {
      writer,
      flushSoon: () => undefined,
      windowBytes: 100,
      workerWindowBytes: 100,
      onOver: () => undefined,
    };
    const { signal } = new AbortController();
    const request = { head: ":method\0GET\0", body: undefined, mayUpgrade: false, signal, inform: () => undefined };
    const call = new GatewayCall(1, request, link, 0);
    call.onResponse([":status", "200"], 0);
    for (const octet of [1, 2, 3]) call.onData(Uint8Array.of(octet), false);
    const answer = await call.answer;
    assert.ok(answer.type === "response" && answer.content !== undefined && "read" in answer.content);
    call.sweepUnread(0);
    call.sweepUnread(119_000);
    if (isRead) assert.deepEqual(await answer.content.read(), Uint8Array.of(1));
    call.sweepUnread(121_000);
    assert.equal(sentTypes(writer).includes(FrameType.cancel), !isRead);
  }
});

function sentTypes(writer: FrameWriter): readonly number[] {
  const types: number[] = [];
  const reader = new FrameReader({ onFrame: (type) => types.push(type), onData: () => undefined });
  for (const chunk of writer.take()) reader.read(chunk);
  return types;
}
