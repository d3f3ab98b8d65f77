import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Http2ServerStream } from "../../src/h2/index.ts";
import {
  ACK,
  block,
  CONTINUATION,
  data,
  END_HEADERS,
  END_STREAM,
  frame,
  GOAWAY,
  HEADERS,
  headers,
  numbers,
  PING,
  PRIORITY,
  RST_STREAM,
  settings,
  SETTINGS,
  WINDOW_UPDATE,
} from "./server-frames.ts";
import { request, serverFixture } from "./server-fixture.ts";

const ENHANCE_YOUR_CALM = 11;
const CANCEL = 8;
const EIGHT = Buffer.alloc(8);
const ONE = numbers(1);

/** The number of a stream that is the n-th. */
function stream(index: number): number {
  return 2 * index + 1;
}

function answer(opened: Http2ServerStream): void {
  opened.sendHead([":status", "200"], true);
}

interface FloodCase {
  readonly name: string;
  /** What comes again and again. */
  readonly frames: (index: number) => readonly Uint8Array[];
  /** What comes once before. */
  readonly before?: readonly Uint8Array[];
  /** How often it is borne. */
  readonly most: number;
  readonly onRequest?: (stream: Http2ServerStream) => void;
}

const FLOODS: readonly FloodCase[] = [
  {
    name: "requests that are reset at once (CVE-2023-44487)",
    frames: (index) => [request(stream(index), "GET"), frame(RST_STREAM, 0, stream(index), numbers(CANCEL))],
    most: 260,
  },
  {
    name: "requests that the server is made to reset, by heads that are none (CVE-2025-8671)",
    frames: (index) => [headers(stream(index), END_STREAM, ":method", "GET")],
    most: 260,
  },
  {
    name: "requests that the server is made to reset, by content beyond its length (CVE-2025-8671)",
    frames: (index) => [request(stream(index), "POST", 0, "content-length", "1"), data(stream(index), 0, "ab")],
    most: 260,
  },
  {
    name: "requests that the server is made to reset, by pseudo-fields in trailers (CVE-2025-8671)",
    frames: (index) => [request(stream(index), "POST", 0), headers(stream(index), END_STREAM, ":path", "/")],
    most: 260,
  },
  {
    name: "requests beyond those that are allowed at once",
    frames: (index) => [request(stream(index), "GET")],
    most: 1_110,
  },
  {
    name: "a field block that never ends, in frames of nothing (CVE-2024-27316)",
    before: [frame(HEADERS, END_STREAM, 1, block(":method", "GET"))],
    frames: () => [frame(CONTINUATION, 0, 1)],
    most: 110,
  },
  {
    name: "a field block that never ends, in large frames (CVE-2024-27316)",
    before: [frame(HEADERS, END_STREAM, 1, block(":method", "GET"))],
    frames: () => [frame(CONTINUATION, 0, 1, block("a", "b".repeat(4_000)))],
    most: 5,
  },
  { name: "SETTINGS (CVE-2019-9515)", frames: () => [settings([3, 1])], most: 1_010 },
  {
    name: "SETTINGS with many entries",
    frames: () => [settings(...Array.from({ length: 1_000 }, () => [3, 1] as const))],
    most: 2,
  },
  { name: "acknowledgements of no SETTINGS", frames: () => [frame(SETTINGS, ACK, 0)], most: 1_010 },
  { name: "PING (CVE-2019-9512)", frames: () => [frame(PING, 0, 0, EIGHT)], most: 1_010 },
  { name: "answers to no PING", frames: () => [frame(PING, ACK, 0, EIGHT)], most: 1_010 },
  {
    name: "DATA with nothing in it (CVE-2019-9518)",
    before: [request(1, "POST", 0)],
    frames: () => [data(1, 0, "")],
    most: 1_010,
  },
  { name: "PRIORITY (CVE-2019-9513)", frames: () => [frame(PRIORITY, 0, 1, Buffer.alloc(5))], most: 1_010 },
  { name: "frames of unknown types", frames: () => [frame(0x10, 0, 0, EIGHT)], most: 1_010 },
  { name: "GOAWAY", frames: () => [frame(GOAWAY, 0, 0, EIGHT)], most: 1_010 },
  {
    name: "windows that open by one octet, while nothing is sent",
    frames: () => [frame(WINDOW_UPDATE, 0, 0, ONE)],
    most: 1_010,
  },
  {
    name: "content for a stream that was given up",
    before: [request(1, "POST", 0)],
    frames: () => [data(1, 0, "x")],
    onRequest: (opened) => {
      opened.reset(CANCEL);
    },
    most: 1_010,
  },
];

describe("a flood is cut off with ENHANCE_YOUR_CALM:", () => {
  for (const { name, frames, before = [], most, onRequest } of FLOODS) {
    test(name, () => {
      const { feed, faults, written } = serverFixture(onRequest === undefined ? {} : { onRequest });
      feed(...before);
      let count = 0;
      for (; count <= most && faults.length === 0; count += 1) feed(...frames(count));
      assert.equal(faults[0]?.code, ENHANCE_YOUR_CALM, `after ${String(count)}`);
      assert.ok(faults[0].flood !== undefined);
      const last = written().at(-1);
      assert.equal(last?.type, GOAWAY);
      assert.equal(last.payload.readUInt32BE(4), ENHANCE_YOUR_CALM);
    });
  }

  test("a window that opens by one octet for each octet of an answer (CVE-2019-9511)", () => {
    const { feed, faults, requests } = serverFixture();
    feed(settings([4, 0]), request(1, "GET"));
    const opened = requests[0]?.stream;
    opened?.sendHead([":status", "200"], false);
    let count = 0;
    for (; count < 1_100 && faults.length === 0; count += 1) {
      feed(frame(WINDOW_UPDATE, 0, 1, ONE));
      if (opened?.sendable === 1) opened.send(Uint8Array.of(1), false);
    }
    assert.equal(faults[0]?.flood, "window updates");
    assert.ok(count > 900);
  });

  test("but what is told over minutes is none", () => {
    const fixture = serverFixture();
    for (let second = 0; second < 600; second += 1) {
      fixture.now += 1_000;
      for (let count = 0; count < 40; count += 1)
        fixture.feed(frame(PING, 0, 0, EIGHT), frame(WINDOW_UPDATE, 0, 0, ONE));
      fixture.server.takeOutput();
    }
    assert.deepEqual(fixture.faults, []);
  });

  test("nor are ten thousand requests at once that are answered, of which every third is given up", () => {
    const fixture = serverFixture({
      onRequest: (opened) => {
        if (opened.id % 3 !== 0) answer(opened);
      },
    });
    for (let count = 0; count < 10_000; count += 1) {
      const id = stream(count);
      fixture.feed(request(id, "GET"));
      if (id % 3 === 0) fixture.feed(frame(RST_STREAM, 0, id, numbers(CANCEL)));
      fixture.server.takeOutput();
    }
    assert.deepEqual(fixture.faults, []);
    assert.equal(fixture.server.openStreams, 0);
  });

  test("nor is a download whose client makes room for each frame, of its stream and of the connection", () => {
    const { feed, faults, requests, server } = serverFixture();
    feed(request(1, "GET"));
    const opened = requests[0]?.stream;
    opened?.sendHead([":status", "200"], false);
    for (let count = 0; count < 10_000; count += 1) {
      opened?.send(new Uint8Array(1_000), false);
      feed(frame(WINDOW_UPDATE, 0, 1, numbers(1_000)), frame(WINDOW_UPDATE, 0, 0, numbers(1_000)));
      server.takeOutput();
    }
    assert.deepEqual(faults, []);
  });
});

test("a flood behind the server's leave is cut off as well", () => {
  const { feed, faults, server } = serverFixture();
  server.leave();
  for (let count = 0; count < 1_010; count += 1) feed(request(stream(count), "GET"));
  assert.equal(faults[0]?.flood, "frames for closed streams");
});

describe("a field block that is small and means much", () => {
  test("is refused with its request, and its memory stays within the limit (RFC 7541 section 7.3)", () => {
    const { feed, told, faults } = serverFixture();
    const entry = Buffer.concat([Buffer.from([0x40, 1, 0x61, 0x7f, 0xa1, 0x1e]), Buffer.alloc(4_000, "b")]);
    feed(
      frame(HEADERS, END_STREAM | END_HEADERS, 1, Buffer.concat([Buffer.of(0x82), entry, Buffer.alloc(10_000, 0xbe)])),
      request(3, "GET"),
    );
    assert.deepEqual(told, ["refused 1 fields-too-large", "3 GET /"]);
    assert.deepEqual(faults, []);
  });
});
