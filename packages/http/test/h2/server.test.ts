import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  ACK,
  block,
  CONTINUATION,
  data,
  DATA,
  END_HEADERS,
  END_STREAM,
  frame,
  GOAWAY,
  HEADERS,
  headers,
  numbers,
  PADDED,
  PING,
  RST_STREAM,
  settings,
  SETTINGS,
  WINDOW_UPDATE,
} from "./server-frames.ts";
import { PREFACE, request, serverFixture } from "./server-fixture.ts";

const CANCEL = 8;
const NO_ERROR = 0;

/** The settings of a SETTINGS frame. */
function settingsOf(payload: Buffer): Map<number, number> {
  const map = new Map<number, number>();
  for (let at = 0; at < payload.length; at += 6) map.set(payload.readUInt16BE(at), payload.readUInt32BE(at + 2));
  return map;
}

describe("a server's connection", () => {
  test("begins with its settings, and a window of 16 MiB (RFC 9113 sections 3.4 and 6.9.2)", () => {
    const { written } = serverFixture({ greeted: false });
    const [first, second] = written();
    assert.equal(first?.type, SETTINGS);
    assert.deepEqual(
      settingsOf(first.payload),
      new Map([
        [3, 100],
        [6, 1_000 + 4_000 + 55 * 32],
        [8, 1],
      ]),
    );
    assert.deepEqual([second?.type, second?.stream], [WINDOW_UPDATE, 0]);
    assert.equal((second?.payload.readUInt32BE(0) ?? 0) + 65_535, 16 * 1024 * 1024);
  });

  test("is told the same whether it comes whole or octet by octet", () => {
    const whole = request(1, "POST", 0).subarray(9);
    const stream = Buffer.concat([
      PREFACE,
      settings([4, 100]),
      frame(SETTINGS, ACK, 0),
      frame(HEADERS, 0, 1, whole.subarray(0, 4)),
      frame(CONTINUATION, END_HEADERS, 1, whole.subarray(4)),
      frame(DATA, PADDED, 1, Buffer.from("\u0003abc\0\0\0")),
      frame(PING, 0, 0, Buffer.alloc(8)),
      frame(0x77, 0, 0, Buffer.from("unknown")),
      request(3, "GET"),
      headers(1, END_STREAM, "x-sum", "6"),
    ]);
    const run = (cuts: readonly number[]): { readonly told: string; readonly written: string } => {
      const { feed, told, server } = serverFixture({ greeted: false });
      let from = 0;
      for (const cut of [...cuts, stream.length]) {
        feed(stream.subarray(from, cut));
        from = cut;
      }
      const text = told.join("\n").replaceAll(/\n1 data (?=[bc])/g, "");
      return { told: text, written: Buffer.concat(server.takeOutput()).toString("hex") };
    };
    const expected = run([]);
    assert.equal(expected.told, "1 POST /\n1 data abc\n3 GET /\n1 end x-sum 6");
    assert.deepEqual(run(Array.from(stream.keys())), expected);
    const cuts = fc.array(fc.nat(stream.length), { maxLength: 8 }).map((list) => list.sort((a, b) => a - b));
    fc.assert(
      fc.property(cuts, (list) => {
        assert.deepEqual(run(list), expected);
      }),
      { numRuns: 50 },
    );
  });

  test("takes requests on its way to the end, and none behind it (RFC 9113 section 6.8)", () => {
    const { server, feed, written, told } = serverFixture();
    feed(request(1, "POST", 0));
    server.announceLeave();
    const [first, ping] = written();
    assert.deepEqual([first?.type, first?.payload.readUInt32BE(0)], [GOAWAY, 2 ** 31 - 1]);
    assert.equal(ping?.type, PING);
    feed(request(3, "GET"), frame(PING, ACK, 0, ping.payload));
    assert.deepEqual(told, ["1 POST /", "3 GET /", "pong"]);
    server.leave();
    const [second] = written();
    assert.deepEqual([second?.type, second?.payload.readUInt32BE(0)], [GOAWAY, 3]);
    feed(request(5, "POST", 0), data(5, END_STREAM, "x"), data(1, END_STREAM, "y"));
    assert.deepEqual(told.slice(3), ["1 data y", "1 end"]);
    assert.deepEqual(written(), []);
  });

  test("keeps its tables right over requests that it does not take (RFC 7541 section 4.1)", () => {
    const { server, feed, told } = serverFixture();
    server.leave();
    feed(frame(HEADERS, END_STREAM | END_HEADERS, 1, Buffer.of(0x40, 1, 0x61, 1, 0x62)));
    feed(frame(HEADERS, END_STREAM | END_HEADERS, 3, Buffer.of(0xbe)));
    assert.deepEqual(told, []);
  });

  test("knows when its settings are known (section 6.5.3)", () => {
    const { server, feed } = serverFixture({ greeted: false });
    feed(PREFACE, settings());
    assert.equal(server.isAcknowledged, false);
    feed(frame(SETTINGS, ACK, 0));
    assert.equal(server.isAcknowledged, true);
  });

  test("tells whether a head has come in part", () => {
    const { server, feed } = serverFixture();
    const head = request(1, "GET");
    feed(head.subarray(0, 12));
    assert.equal(server.isReadingHead, true);
    feed(head.subarray(12));
    assert.equal(server.isReadingHead, false);
    feed(frame(HEADERS, END_STREAM, 3, block(":method", "GET")));
    assert.equal(server.isReadingHead, true);
  });
});

describe("a request", () => {
  test("is told without pseudo-fields, its host first and its cookies as one (RFC 9113 section 8.2.3)", () => {
    const { feed, requests } = serverFixture();
    feed(request(1, "GET", END_STREAM, "cookie", "a=1", "accept", "*/*", "cookie", "b=2", "cookie", "c=3"));
    assert.deepEqual(requests[0]?.request, {
      type: "request",
      method: "GET",
      scheme: "https",
      authority: "a.test",
      path: "/",
      protocol: undefined,
      fields: ["host", "a.test", "cookie", "a=1; b=2; c=3", "accept", "*/*"],
      contentLength: undefined,
      expectsContinue: false,
    });
  });

  test("with a host in place of an authority goes there (section 8.3.1)", () => {
    const { feed, requests } = serverFixture();
    feed(headers(1, END_STREAM, ":method", "GET", ":scheme", "http", ":path", "/", "host", "[::1]:8080"));
    assert.equal(requests[0]?.request.authority, "[::1]:8080");
    assert.deepEqual(requests[0].request.fields, ["host", "[::1]:8080"]);
  });

  for (const [what, type, ...fields] of [
    ["more fields than are taken", "fields-too-large", ...Array.from({ length: 60 }, () => ["a", "b"]).flat()],
    ["larger fields than are taken", "fields-too-large", "a", "b".repeat(4_000)],
    ["fields larger than are decoded", "fields-too-large", "a", "b".repeat(7_000)],
    ["an expectation that nobody can meet", "expectation", "expect", "a-miracle"],
  ] as const) {
    test(`with ${what} is refused, and may be answered`, () => {
      const { feed, told, written, server } = serverFixture({
        onRequest: (stream) => {
          stream.sendHead([":status", "200"], true);
        },
      });
      feed(request(1, "GET", END_STREAM, ...fields));
      assert.deepEqual(told, [`refused 1 ${type}`]);
      assert.equal(server.openStreams, 1);
      feed(request(3, "GET"));
      assert.equal(told.at(-1), "3 GET /");
      assert.deepEqual(
        written().map(({ type: seen, stream }) => [seen, stream]),
        [[HEADERS, 3]],
      );
    });
  }

  test("with a path beyond its limit is refused, of whatever it is made", () => {
    for (const path of [`/${"a".repeat(1_000)}`, `/${" ".repeat(1_000)}`]) {
      const { feed, told } = serverFixture();
      feed(headers(1, END_STREAM, ":method", "GET", ":scheme", "http", ":authority", "a.test", ":path", path));
      assert.deepEqual(told, ["refused 1 target-too-long"]);
    }
  });

  test("is over when its answer is, and what is left of it is not wanted (section 8.1)", () => {
    const { feed, written, requests, server, faults } = serverFixture();
    feed(request(1, "POST", 0));
    requests[0]?.stream.sendHead([":status", "403"], true);
    assert.deepEqual(
      written().map(({ type, flags, payload }) => [type, flags, type === RST_STREAM ? payload.readUInt32BE(0) : 0]),
      [
        [HEADERS, END_STREAM | END_HEADERS, 0],
        [RST_STREAM, 0, NO_ERROR],
      ],
    );
    assert.equal(server.openStreams, 0);
    // What was on its way by then does no harm.
    feed(data(1, 0, "abc"), data(1, END_STREAM, "def"), request(3, "GET"));
    assert.deepEqual(faults, []);
  });

  test("that its client gives up is told as that, and nothing is sent for it any more", () => {
    const { feed, told, requests, written } = serverFixture();
    feed(request(1, "GET"), frame(RST_STREAM, 0, 1, numbers(CANCEL)));
    assert.deepEqual(told, ["1 GET /", "1 failed reset CANCEL"]);
    const stream = requests[0]?.stream;
    stream?.sendHead([":status", "200"], false);
    stream?.send(Uint8Array.of(1), true);
    stream?.reset();
    assert.deepEqual(written(), []);
  });

  test("is given room for more as it is read, and none before (section 6.9)", () => {
    const { feed, requests, written, faults } = serverFixture({ reads: false });
    feed(request(1, "POST", 0));
    for (let count = 0; count < 4; count += 1) feed(data(1, 0, new Uint8Array(16_383)));
    assert.deepEqual(written(), []);
    requests[0]?.stream.read(40_000);
    const [update] = written();
    assert.deepEqual([update?.type, update?.stream], [WINDOW_UPDATE, 1]);
    // Four times the window, beyond what is not read.
    assert.equal(update?.payload.readUInt32BE(0), 40_000 + 3 * 65_535);
    assert.deepEqual(faults, []);
  });

  test("that sends more than its window is the end of its connection (section 6.9.1)", () => {
    const { feed, faults } = serverFixture({ reads: false });
    feed(request(1, "POST", 0));
    for (let count = 0; count < 5; count += 1) feed(data(1, 0, new Uint8Array(16_383)));
    assert.equal(faults[0]?.code, 3);
  });

  test("cannot make all together hold more than 16 MiB, however fast they were read before", () => {
    const { feed, requests, written } = serverFixture({ reads: false });
    let room = 0;
    for (let index = 0; index < 100; index += 1) {
      const id = 2 * index + 1;
      feed(request(id, "POST", 0));
      room += 65_535;
      let open = 65_535;
      for (let turns = 0; turns < 12; turns += 1) {
        const size = Math.min(16_383, open);
        feed(data(id, 0, new Uint8Array(size)));
        open -= size;
        room -= size;
        requests[index]?.stream.read(size);
        for (const { type, stream, payload } of written()) {
          if (type !== WINDOW_UPDATE || stream !== id) continue;
          open += payload.readUInt32BE(0);
          room += payload.readUInt32BE(0);
        }
      }
    }
    assert.ok(room <= 16 * 1024 * 1024, String(room));
  });

  test("for another protocol is a tunnel once that is granted: each side ends by itself (RFC 8441 section 5)", () => {
    const { feed, requests, told, server } = serverFixture();
    const head = [
      ":method",
      "CONNECT",
      ":protocol",
      "websocket",
      ":scheme",
      "https",
      ":authority",
      "a.test",
      ":path",
      "/chat",
    ];
    feed(headers(1, 0, ...head));
    assert.equal(requests[0]?.request.protocol, "websocket");
    const { stream } = requests[0];
    stream.becomeTunnel();
    stream.sendHead([":status", "200"], false);
    stream.send(Uint8Array.of(1), true);
    assert.equal(server.openStreams, 1);
    feed(data(1, 0, "more"), data(1, END_STREAM, ""));
    assert.deepEqual(told, ["1 CONNECT /chat", "1 data more", "1 end"]);
    assert.equal(server.openStreams, 0);
  });
});

describe("whatever comes", () => {
  const streamId = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant(2 ** 31 - 1));
  const fields = fc.constantFrom(
    block(":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/"),
    block(":method", "POST", ":scheme", "http", ":authority", "a", ":path", "/", "content-length", "3"),
    block("x-trailer", "a"),
    block(":status", "200"),
  );
  const payload = fc.oneof(fields, fc.uint8Array({ maxLength: 24 }));
  const anyFrame = fc
    .tuple(fc.oneof(fc.integer({ min: 0, max: 11 }), fc.constantFrom(0, 1, 1, 1)), fc.nat(255), streamId, payload)
    .map(([type, flags, stream, octets]) => frame(type, flags, stream, octets));

  test("a server tells nothing but its own faults, and once", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(anyFrame, fc.uint8Array({ maxLength: 12 })), { maxLength: 40 }), (pieces) => {
        const { feed, faults, server } = serverFixture({
          onRequest: (stream) => {
            stream.sendHead([":status", "200"], false);
            stream.send(new Uint8Array(Math.min(10, stream.sendable)), stream.id % 3 === 0);
          },
        });
        feed(...pieces);
        assert.ok(faults.length <= 1);
        const octets = pieces.reduce((sum, { length }) => sum + length, 0);
        assert.ok(server.outputLength <= 64 * (octets + 1), "what is written is no multiple of what came");
        if (faults.length === 1) assert.equal(server.openStreams, 0);
      }),
      { numRuns: 300 },
    );
  });
});
