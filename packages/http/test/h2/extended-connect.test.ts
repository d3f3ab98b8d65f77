import { requestFields } from "@fairlead/http/h2";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clientFixture } from "./client-fixture.ts";
import { DATA, data, END_STREAM, frame, headers, numbers, RST_STREAM, settings } from "./server-frames.ts";

const ENABLE_CONNECT_PROTOCOL = 8;

describe("extended CONNECT (RFC 8441)", () => {
  test("may be asked for once the peer's settings offer it (section 3)", () => {
    const { client, feed } = clientFixture({ greeted: false });
    assert.deepEqual([client.isSettled, client.allowsExtendedConnect], [false, false]);
    feed(settings());
    assert.deepEqual([client.isSettled, client.allowsExtendedConnect], [true, false]);
    feed(settings([ENABLE_CONNECT_PROTOCOL, 1]));
    assert.equal(client.allowsExtendedConnect, true);
  });

  test("is neither offered in part nor taken back (section 3)", () => {
    for (const frames of [
      [settings([ENABLE_CONNECT_PROTOCOL, 2])],
      [settings([ENABLE_CONNECT_PROTOCOL, 1]), settings([ENABLE_CONNECT_PROTOCOL, 0])],
    ]) {
      const { feed, told } = clientFixture();
      feed(...frames);
      assert.match(told.join(), /^fault an extended CONNECT/);
    }
  });

  test("names the protocol beside scheme and path, and is a CONNECT (section 4)", () => {
    const head = { method: "GET", scheme: "https", authority: "a.test", path: "/chat", content: "none" } as const;
    const { fields } = requestFields({ ...head, protocol: "websocket", fields: ["Host", "b.test", "X-A", "1"] });
    assert.deepEqual(fields, [
      ...[":method", "CONNECT", ":scheme", "https", ":authority", "b.test", ":path", "/chat"],
      ...[":protocol", "websocket", "x-a", "1"],
    ]);
    assert.throws(() => requestFields({ ...head, protocol: "web socket", fields: [] }), { code: "OPTION_INVALID" });
  });
});

describe("a tunnel", () => {
  const tunnel = () => {
    const fixture = clientFixture();
    const stream = fixture.open({ isSent: false, isTunnel: true });
    fixture.feed(headers(1, 0, ":status", "200", "content-length", "3"));
    fixture.client.takeOutput();
    return { ...fixture, stream };
  };

  test("carries bytes both ways, however many its head announces (RFC 9110 section 9.3.6)", () => {
    const { stream, feed, told, written } = tunnel();
    stream.send(Buffer.from("ping"), false);
    feed(data(1, 0, "pong"));
    assert.deepEqual(told, ["1 head 200 content-length 3", "1 data pong"]);
    assert.deepEqual(
      written().map(({ type, payload }) => [type, payload.toString()]),
      [[DATA, "ping"]],
    );
  });

  test("is sent on when the peer has said all, and closed when both have", () => {
    const { stream, client, feed, told, written } = tunnel();
    feed(data(1, END_STREAM, "bye"));
    assert.deepEqual(told.slice(1), ["1 data bye", "1 end"]);
    assert.deepEqual([stream.isClosed, client.openStreams], [false, 1]);
    stream.send(Buffer.from("too"), true);
    assert.deepEqual([stream.isClosed, client.openStreams], [true, 0]);
    assert.deepEqual(
      written().map(({ type, flags }) => [type, flags]),
      [[DATA, END_STREAM]],
    );
  });

  test("is closed by the peer's end when ours has come before", () => {
    const { stream, client, feed, told } = tunnel();
    stream.send(Buffer.alloc(0), true);
    assert.equal(stream.isClosed, false);
    feed(data(1, END_STREAM, ""));
    assert.deepEqual([told.at(-1), client.openStreams], ["1 end", 0]);
  });

  test("fails when the peer cuts it, its own end said or not", () => {
    for (const before of [[], [data(1, END_STREAM, "")]]) {
      const { feed, told } = tunnel();
      feed(...before, frame(RST_STREAM, 0, 1, numbers(8)));
      assert.equal(told.at(-1), "1 failed reset CANCEL");
    }
  });

  test("has no fields, and nothing behind its end (RFC 9113 section 8.5)", () => {
    for (const [frames, detail] of [
      [[headers(1, END_STREAM, "x", "1")], "fields within a tunnel"],
      [[data(1, END_STREAM, ""), data(1, 0, "x")], "data behind its end"],
      [[data(1, END_STREAM, ""), headers(1, END_STREAM, "x", "1")], "fields within a tunnel"],
    ] as const) {
      const { feed, told } = tunnel();
      feed(...frames);
      assert.equal(told.at(-1), `1 failed malformed: ${detail}`);
    }
  });

  test("that is refused is a response as any other", () => {
    const { open, feed, told, client } = clientFixture();
    open({ isSent: false, isTunnel: true });
    feed(headers(1, 0, ":status", "403", "content-length", "2"), data(1, END_STREAM, "no"));
    assert.deepEqual(told, ["1 head 403 content-length 2", "1 data no", "1 end"]);
    assert.equal(client.openStreams, 0);
  });
});
