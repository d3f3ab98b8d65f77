import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { clientFixture } from "./client-fixture.ts";
import {
  ACK,
  block,
  CONTINUATION,
  DATA,
  data,
  END_HEADERS,
  END_STREAM,
  frame,
  framesOf,
  GOAWAY,
  HEADERS,
  headers,
  numbers,
  PADDED,
  PING,
  PRIORITY,
  PUSH_PROMISE,
  RST_STREAM,
  SETTINGS,
  settings,
  WINDOW_UPDATE,
} from "./server-frames.ts";

const CANCEL = 8;
const MIB = 1024 * 1024;

describe("a client's connection begins", () => {
  test("with the preface, settings without push, and a larger window (RFC 9113 section 3.4)", () => {
    const { client } = clientFixture({ greeted: false });
    assert.equal(client.capacity, 100);
    const fresh = clientFixture({ greeted: false });
    fresh.feed(settings([3, 2]));
    assert.equal(fresh.client.capacity, 2);
  });

  test("with whatever the peer says first being its SETTINGS (section 3.4)", () => {
    for (const first of [
      frame(PING, 0, 0, Buffer.alloc(8)),
      frame(SETTINGS, ACK, 0),
      Buffer.from("HTTP/1.1 400 Bad\r\n"),
    ]) {
      const { feed, told } = clientFixture({ greeted: false });
      feed(first);
      assert.match(told.join(), /^fault /);
    }
  });
});

describe("a response", () => {
  test("has a head, a body and trailers, with interim ones before", () => {
    const { open, feed, told } = clientFixture();
    open();
    feed(
      headers(1, 0, ":status", "103", "link", "</a>"),
      headers(1, 0, ":status", "200", "set-cookie", "a=1", "set-cookie", "b=2"),
      data(1, 0, "one"),
      data(1, 0, "two"),
      headers(1, END_STREAM, "x-sum", "6"),
    );
    assert.deepEqual(told, [
      "1 head 103 link </a>",
      "1 head 200 set-cookie a=1 set-cookie b=2",
      "1 data one",
      "1 data two",
      "1 end x-sum 6",
    ]);
  });

  test("is told the same whether it comes whole or octet by octet", () => {
    const stream = Buffer.concat([
      frame(HEADERS, 0, 1, block(":status", "200").subarray(0, 1)),
      frame(CONTINUATION, 0, 1),
      frame(CONTINUATION, END_HEADERS, 1, block(":status", "200").subarray(1)),
      frame(DATA, PADDED, 1, Buffer.from("\u0003abc\0\0\0")),
      frame(PING, 0, 0, Buffer.alloc(8)),
      frame(0x77, 0, 0, Buffer.from("unknown")),
      headers(3, 0, ":status", "200"),
      data(3, END_STREAM, ""),
      data(1, END_STREAM, "def"),
    ]);
    const run = (cuts: readonly number[]): { readonly told: string; readonly written: string } => {
      const { open, feed, told, client } = clientFixture();
      open();
      open();
      let from = 0;
      for (const cut of [...cuts, stream.length]) {
        feed(stream.subarray(from, cut));
        from = cut;
      }
      const text = told.join("\n").replaceAll(/\n1 data (?=[bc]|ef)|\n1 data (?=[ef])/g, "");
      return { told: text, written: Buffer.concat(client.takeOutput()).toString("hex") };
    };
    const whole = run([]);
    assert.match(whole.told, /^1 head 200\n1 data abc\n3 head 200\n3 end\n1 data def\n1 end$/);
    assert.deepEqual(run(Array.from(stream.keys())), whole);
    const cuts = fc.array(fc.nat(stream.length), { maxLength: 8 }).map((list) => list.sort((a, b) => a - b));
    fc.assert(
      fc.property(cuts, (list) => {
        assert.deepEqual(run(list), whole);
      }),
    );
  });

  test("to HEAD, and one with 204 or 304, has no body whatever its length says (RFC 9110 section 6.4.1)", () => {
    for (const [isHead, status] of [
      [true, "200"],
      [false, "204"],
      [false, "304"],
    ] as const) {
      const { open, feed, told } = clientFixture();
      open({ isHead });
      feed(headers(1, END_STREAM, ":status", status, "content-length", "10"));
      assert.deepEqual(told, [`1 head ${status} content-length 10`, "1 end"]);
    }
  });

  for (const [why, ...frames] of [
    ["it has no status", headers(1, 0, "a", "b")],
    ["its status is not its first field", headers(1, 0, "a", "b", ":status", "200")],
    ["its status is not one", headers(1, 0, ":status", "20")],
    ["its status is not one", headers(1, 0, ":status", "2000")],
    ["a pseudo-field where none may be", headers(1, 0, ":status", "200", ":status", "200")],
    ["a pseudo-field where none may be", headers(1, 0, ":status", "200", "a", "b", ":path", "/")],
    ["a name in upper case", headers(1, 0, ":status", "200", "Server", "x")],
    ["a name that is none", headers(1, 0, ":status", "200", "a b", "x")],
    ["a name that is none", headers(1, 0, ":status", "200", "", "x")],
    ["a value with characters that it must not have", headers(1, 0, ":status", "200", "a", "b\r\nc: d")],
    ["a value with characters that it must not have", headers(1, 0, ":status", "200", "a", "b\0")],
    ["a value with white space around it", headers(1, 0, ":status", "200", "a", " b")],
    ["a field that speaks of the connection", headers(1, 0, ":status", "200", "transfer-encoding", "chunked")],
    ["a field that speaks of the connection", headers(1, 0, ":status", "200", "connection", "close")],
    ["an impossible Content-Length", headers(1, 0, ":status", "200", "content-length", "1", "content-length", "2")],
    ["an impossible Content-Length", headers(1, 0, ":status", "200", "content-length", "-1")],
    ["a change of protocols", headers(1, 0, ":status", "101")],
    ["an interim response that ends it", headers(1, END_STREAM, ":status", "103")],
    ["data before its head", data(1, 0, "x")],
    ["an end before its head", data(1, END_STREAM, "")],
    ["fields within the body", headers(1, 0, ":status", "200"), headers(1, 0, "a", "b")],
    ["a pseudo-field where none may be", headers(1, 0, ":status", "200"), headers(1, END_STREAM, ":status", "200")],
  ] as const) {
    test(`is refused, and its connection goes on: ${why} (sections 8.1.1 to 8.3)`, () => {
      const { open, feed, told, written } = clientFixture();
      open();
      open();
      feed(...frames, headers(3, END_STREAM, ":status", "200"));
      const [failed] = told.filter((line) => line.startsWith("1 failed"));
      assert.equal(failed, `1 failed malformed: ${why}`);
      assert.deepEqual(told.slice(-2), ["3 head 200", "3 end"]);
      assert.deepEqual(
        written()
          .filter(({ type }) => type === RST_STREAM)
          .map(({ stream, payload }) => [stream, payload.readUInt32BE()]),
        [[1, 1]],
      );
    });
  }

  test("shorter or longer than its Content-Length is refused (section 8.1.1)", () => {
    for (const [body, outcome] of [
      ["abcd", "truncated"],
      ["abcdef", "too-long"],
    ] as const) {
      const { open, feed, told } = clientFixture();
      open();
      feed(headers(1, 0, ":status", "200", "content-length", "5"), data(1, END_STREAM, body));
      assert.equal(told.at(-1), `1 failed ${outcome}`);
    }
  });

  test("with more fields than the limit is refused, and the next one is not", () => {
    const { open, feed, told } = clientFixture();
    open();
    const large = Array.from({ length: 2_000 }, (_, index) => [`a${String(index)}`, "b".repeat(10)]).flat();
    const whole = block(":status", "200", ...large);
    feed(frame(HEADERS, 0, 1, whole.subarray(0, 16_384)), frame(CONTINUATION, END_HEADERS, 1, whole.subarray(16_384)));
    assert.deepEqual(told, ["1 failed fields-too-large"]);
    open();
    feed(headers(3, END_STREAM, ":status", "200"));
    assert.deepEqual(told.slice(1), ["3 head 200", "3 end"]);
  });

  test("that ends before its request does is whole, and the rest of the request is given up (section 8.1)", () => {
    const { open, feed, told, written } = clientFixture();
    const stream = open({ isSent: false });
    stream.send(Buffer.from("abc"), false);
    feed(headers(1, END_STREAM, ":status", "413"), frame(RST_STREAM, 0, 1, numbers(0)));
    assert.deepEqual(told, ["1 head 413", "1 end"]);
    stream.send(Buffer.from("def"), true);
    assert.deepEqual(
      written().map(({ type }) => type),
      [HEADERS, DATA, RST_STREAM],
    );
  });
});

describe("a request that the peer gives up", () => {
  test("was not acted on when it says REFUSED_STREAM, or GOAWAY excludes it (sections 6.8, 8.7)", () => {
    const { client, open, feed, told } = clientFixture();
    for (let index = 0; index < 4; index += 1) open();
    feed(frame(RST_STREAM, 0, 3, numbers(7)), frame(GOAWAY, 0, 0, numbers(5, 0)));
    assert.deepEqual(told, ["3 failed unprocessed", "goaway 0", "7 failed unprocessed"]);
    assert.equal(client.capacity, 0);
    feed(headers(1, END_STREAM, ":status", "200"), headers(5, END_STREAM, ":status", "200"));
    assert.deepEqual(told.slice(3), ["1 head 200", "1 end", "5 head 200", "5 end"]);
  });

  test("may have been acted on when its response had begun, or another reason is given", () => {
    const { open, feed, told } = clientFixture();
    for (let index = 0; index < 3; index += 1) open();
    feed(
      headers(1, 0, ":status", "200"),
      frame(RST_STREAM, 0, 1, numbers(7)),
      frame(RST_STREAM, 0, 3, numbers(2)),
      frame(RST_STREAM, 0, 5, numbers(13)),
    );
    assert.deepEqual(told.slice(1), [
      "1 failed reset REFUSED_STREAM",
      "3 failed reset INTERNAL_ERROR",
      "5 failed http11-required",
    ]);
  });
});

describe("windows", () => {
  test("of the request hold its body back until both are open, in turn (section 5.2)", () => {
    const { open, feed, told, written } = clientFixture();
    feed(settings([4, 10]));
    const first = open({ isSent: false });
    const second = open({ isSent: false });
    assert.deepEqual([first.sendable, second.sendable], [10, 10]);
    first.send(Buffer.alloc(10), false);
    assert.equal(first.sendable, 0);
    first.whenSendable();
    feed(frame(WINDOW_UPDATE, 0, 0, numbers(1_000)));
    assert.deepEqual(told, []);
    feed(frame(WINDOW_UPDATE, 0, 1, numbers(5)));
    assert.deepEqual(told, ["1 sendable"]);
    assert.equal(first.sendable, 5);
    feed(settings([4, 12]));
    assert.deepEqual([first.sendable, second.sendable], [7, 12]);
    feed(settings([4, 0]));
    assert.deepEqual([first.sendable, second.sendable], [0, 0]);
    written();
  });

  test("of a response open as it is read, and grow with each one that is; what is not read keeps them shut", () => {
    const { open, feed, written } = clientFixture();
    const read = open();
    const unread = open({ reads: false });
    const piece = Buffer.alloc(16_384);
    for (const id of [read.id, unread.id]) feed(headers(id, 0, ":status", "200"));
    for (let index = 0; index < 16; index += 1) feed(data(1, 0, piece), data(3, 0, piece));
    const updates = written().filter(({ type }) => type === WINDOW_UPDATE);
    assert.ok(updates.length > 0 && updates.every(({ stream }) => stream === 1));
    const opened = updates.reduce((sum, { payload }) => sum + payload.readUInt32BE(), 0);
    assert.ok(opened > 256 * 1024, String(opened));
  });

  test("that the peer oversteps end the connection (section 5.2.2)", () => {
    const { open, feed, told } = clientFixture();
    open({ reads: false });
    feed(headers(1, 0, ":status", "200"));
    for (let index = 0; index < 17; index += 1) feed(data(1, 0, Buffer.alloc(16_384)));
    assert.match(told.at(-1) ?? "", /^fault more data than its window allows \(FLOW_CONTROL_ERROR\)$/);
  });

  test("of the connection open again for streams that are read by nobody, and count padding", () => {
    const { client, open, feed, written } = clientFixture();
    let opened = 0;
    for (let index = 0; index < 250; index += 1) {
      const stream = open({ reads: false });
      feed(headers(stream.id, 0, ":status", "200"));
      for (let part = 0; part < 16; part += 1) {
        feed(frame(DATA, PADDED, stream.id, Buffer.concat([Buffer.of(255), Buffer.alloc(16_383)])));
      }
      stream.reset(CANCEL);
      for (const { type, stream: id, payload } of written()) {
        if (type === WINDOW_UPDATE && id === 0) opened += payload.readUInt32BE();
      }
    }
    assert.equal(client.openStreams, 0);
    assert.ok(opened >= 32 * MIB, String(opened));
  });

  test("cannot go beyond 2^31-1, nor open by nothing (section 6.9)", () => {
    for (const [stream, increment] of [
      [0, 0x7fffffff],
      [1, 0x7fffffff],
      [0, 0],
      [1, 0],
    ] as const) {
      const { open, feed, told } = clientFixture();
      open();
      feed(frame(WINDOW_UPDATE, 0, stream, numbers(increment)));
      assert.match(told.join(), /^fault .*_ERROR/);
    }
  });
});

describe("a broken rule ends the connection, and the peer is told which", () => {
  for (const [why, bytes, code] of [
    ["a frame larger than allowed", frame(PING, 0, 0, Buffer.alloc(16_385)), 6],
    ["data on no stream", data(0, 0, "x"), 1],
    ["data of a stream that was never opened", data(5, 0, "x"), 1],
    ["fields of a stream that was never opened", headers(5, 0, ":status", "200"), 1],
    ["fields of a stream of its own", headers(2, 0, ":status", "200"), 1],
    ["a push", frame(PUSH_PROMISE, END_HEADERS, 1, numbers(2)), 1],
    ["a reset of a stream that was never opened", frame(RST_STREAM, 0, 9, numbers(0)), 1],
    ["a reset of a wrong length", frame(RST_STREAM, 0, 1, Buffer.alloc(3)), 6],
    ["SETTINGS on a stream", frame(SETTINGS, 0, 1), 1],
    ["SETTINGS of a wrong length", frame(SETTINGS, 0, 0, Buffer.alloc(5)), 6],
    ["an answer to SETTINGS with something in it", frame(SETTINGS, ACK, 0, Buffer.alloc(6)), 6],
    ["push turned on", settings([2, 1]), 1],
    ["a window beyond 2^31-1 in SETTINGS", settings([4, 0x80000000]), 3],
    ["a frame size that cannot be", settings([5, 1]), 1],
    ["PING on a stream", frame(PING, 0, 1, Buffer.alloc(8)), 1],
    ["PING of a wrong length", frame(PING, 0, 0, Buffer.alloc(7)), 6],
    ["GOAWAY on a stream", frame(GOAWAY, 0, 1, numbers(0, 0)), 1],
    ["GOAWAY that is too short", frame(GOAWAY, 0, 0, numbers(0)), 6],
    ["WINDOW_UPDATE of a wrong length", frame(WINDOW_UPDATE, 0, 0, Buffer.alloc(3)), 6],
    ["a continuation of nothing", frame(CONTINUATION, END_HEADERS, 1), 1],
    ["a frame within a field block", Buffer.concat([frame(HEADERS, 0, 1), frame(PING, 0, 0, Buffer.alloc(8))]), 1],
    ["data within a field block", Buffer.concat([frame(HEADERS, 0, 1), data(1, 0, "x")]), 1],
    ["a continuation on another stream", Buffer.concat([frame(HEADERS, 0, 1), frame(CONTINUATION, 4, 3)]), 1],
    ["padding larger than its frame", frame(DATA, PADDED, 1, Buffer.of(5, 0)), 1],
    ["padding larger than its fields", frame(HEADERS, PADDED | END_HEADERS, 1, Buffer.of(5, 0)), 1],
    ["padding without its length", frame(DATA, PADDED, 1), 6],
    ["a field block that cannot be decoded", frame(HEADERS, END_HEADERS, 1, Buffer.of(0x80)), 9],
  ] as const) {
    test(why, () => {
      const { client, open, feed, told, written } = clientFixture();
      open();
      open();
      feed(bytes, headers(1, END_STREAM, ":status", "200"));
      assert.match(told.join(), /^fault [^:]+$/);
      const last = written().at(-1);
      assert.deepEqual([last?.type, last?.payload.readUInt32BE(4)], [GOAWAY, code]);
      assert.equal(client.capacity, 0);
    });
  }
});

describe("a flood ends the connection with its name", () => {
  const repeat = (bytes: Buffer, times: number): Buffer => Buffer.concat(Array.from({ length: times }, () => bytes));
  const empties = (count: number): Buffer =>
    Buffer.concat([headers(1, 0, ":status", "200"), repeat(data(1, 0, ""), count)]);
  const FLOODS = [
    ["settings", (count: number) => repeat(settings(), count)],
    ["ping", (count: number) => repeat(frame(PING, 0, 0, Buffer.alloc(8)), count)],
    ["reset", (count: number) => repeat(frame(RST_STREAM, 0, 1, numbers(8)), count + 1)],
    ["empty frames", empties],
    ["window updates", (count: number) => repeat(frame(WINDOW_UPDATE, 0, 0, numbers(1)), count)],
    ["priority", (count: number) => repeat(frame(PRIORITY, 0, 1, Buffer.alloc(5)), count)],
    ["goaway", (count: number) => repeat(frame(GOAWAY, 0, 0, numbers(1, 0)), count)],
    ["frames of unknown types", (count: number) => repeat(frame(0x77, 0, 0), count)],
  ] as const;

  for (const [flood, make] of FLOODS) {
    test(flood, () => {
      const { open, feed, told, client } = clientFixture();
      open();
      const half = make(900);
      feed(half);
      client.takeOutput();
      assert.doesNotMatch(told.join("\n"), /fault/);
      feed(make(900));
      assert.match(told.at(-1) ?? "", new RegExp(`^fault ${flood}: `));
    });
  }

  test("settings, in one frame with very many", () => {
    const { feed, told } = clientFixture();
    feed(settings(...Array.from({ length: 2_000 }, () => [3, 100] as const)));
    assert.match(told.at(-1) ?? "", /^fault settings: /);
  });

  test("continuation: a field block in very many pieces", () => {
    const { open, feed, told } = clientFixture();
    open();
    feed(frame(HEADERS, 0, 1), repeat(frame(CONTINUATION, 0, 1, Buffer.of(0x82)), 101));
    assert.match(told.at(-1) ?? "", /^fault continuation: /);
  });

  test("header size: a field block without end", () => {
    const { open, feed, told } = clientFixture();
    open();
    feed(frame(HEADERS, 0, 1), repeat(frame(CONTINUATION, 0, 1, Buffer.alloc(16_384, 0x82)), 9));
    assert.match(told.at(-1) ?? "", /^fault header size: /);
  });

  test("answers that it does not read, however slowly they are asked for", () => {
    const fixture = clientFixture();
    for (let index = 0; index < 4_001; index += 1) {
      fixture.now += 1_000;
      fixture.feed(frame(PING, 0, 0, Buffer.alloc(8)));
    }
    assert.match(fixture.told.at(-1) ?? "", /^fault answers that it does not read: /);
  });

  test("frames for closed streams", () => {
    const { open, feed, told } = clientFixture();
    open().reset();
    feed(repeat(data(1, 0, "x"), 1_001));
    assert.match(told.at(-1) ?? "", /^fault frames for closed streams: /);
  });

  test("but none of this, at the pace of a peer that means well", () => {
    const fixture = clientFixture();
    for (let index = 0; index < 5_000; index += 1) {
      fixture.now += 30;
      fixture.feed(frame(PING, 0, 0, Buffer.alloc(8)), settings([3, 100]), frame(WINDOW_UPDATE, 0, 0, numbers(1)));
      fixture.client.takeOutput();
    }
    assert.deepEqual(fixture.told, []);
  });

  test("nor one window update for each piece of a body that was sent", () => {
    const { open, feed, told, client } = clientFixture();
    const stream = open({ isSent: false });
    for (let index = 0; index < 20_000; index += 1) {
      stream.send(Buffer.alloc(10), false);
      client.takeOutput();
      feed(frame(WINDOW_UPDATE, 0, 0, numbers(10)), frame(WINDOW_UPDATE, 0, 1, numbers(10)));
    }
    assert.deepEqual(told, []);
  });
});

test("whatever arrives, a client tells a fault or goes on, and throws nothing", () => {
  const seen = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc
      .tuple(fc.nat(10), fc.nat(255), fc.nat(6), fc.uint8Array({ maxLength: 20 }))
      .map(([type, flags, stream, payload]) => frame(type, flags, stream, payload)),
    fc.constantFrom(
      headers(1, 0, ":status", "200"),
      headers(3, END_STREAM, ":status", "204"),
      data(1, 0, "abc"),
      data(1, END_STREAM, ""),
      settings([4, 100]),
      frame(WINDOW_UPDATE, 0, 1, numbers(100)),
    ),
  );
  fc.assert(
    fc.property(fc.array(seen, { maxLength: 30 }), (pieces) => {
      const { open, feed, told, client } = clientFixture();
      open();
      open({ isSent: false, reads: false });
      feed(...pieces);
      framesOf(Buffer.concat(client.takeOutput()));
      // Nothing is told after the end of anything.
      for (const id of ["1", "3"]) {
        const lines = told.filter((line) => line.startsWith(`${id} `));
        const end = lines.findIndex((line) => / (?:end|failed)/.test(line));
        assert.ok(end === -1 || end === lines.length - 1, lines.join("\n"));
      }
      const fault = told.findIndex((line) => line.startsWith("fault"));
      assert.ok(fault === -1 || fault === told.length - 1, told.join("\n"));
    }),
    { numRuns: 1_000 },
  );
});
