import { EventStreamParser, isEventStream, type StreamEvent } from "@fairlead/http/event-stream";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";

interface Told {
  readonly events: StreamEvent[];
  readonly retries: number[];
  readonly lastEventId: string;
}

const encode = (text: string): Uint8Array => Buffer.from(text, "utf8");

function parse(pieces: readonly Uint8Array[], options: ConstructorParameters<typeof EventStreamParser>[1] = {}): Told {
  const events: StreamEvent[] = [];
  const retries: number[] = [];
  const parser = new EventStreamParser(
    { onEvent: (event) => events.push(event), onRetry: (milliseconds) => retries.push(milliseconds) },
    options,
  );
  for (const piece of pieces) parser.read(piece);
  return { events, retries, lastEventId: parser.lastEventId };
}

/** Type, data and id of each event, in that order. */
function read(text: string): readonly (readonly [string, string, string])[] {
  return parse([encode(text)]).events.map(({ type, data, lastEventId }) => [type, data, lastEventId] as const);
}

describe("an event stream (WHATWG HTML section 9.2.6)", () => {
  const cases: readonly (readonly [name: string, stream: string, events: ReturnType<typeof read>])[] = [
    [
      "is events that an empty line ends",
      "data: a\n\ndata: b\n\n",
      [
        ["message", "a", ""],
        ["message", "b", ""],
      ],
    ],
    ["joins the lines of data", "data: YHOO\ndata: +2\ndata: 10\n\n", [["message", "YHOO\n+2\n10", ""]]],
    [
      "drops one space behind the colon, and no more",
      "data:a\n\ndata:  b\n\n",
      [
        ["message", "a", ""],
        ["message", " b", ""],
      ],
    ],
    [
      "takes a field without a colon for one without a value",
      "data\n\ndata\ndata\n\n",
      [
        ["message", "", ""],
        ["message", "\n", ""],
      ],
    ],
    ["drops an event that its end cuts", "data: a\n\ndata: b\n", [["message", "a", ""]]],
    ["drops an event whose last line has no end", "data: a\n\ndata: b", [["message", "a", ""]]],
    ["passes over comments", ": hello\n:\n:data: x\ndata: a\n: in between\ndata: b\n\n", [["message", "a\nb", ""]]],
    [
      "passes over fields that it does not know",
      "datas: x\nDATA: x\n data: x\nid : 7\ndata: a\n\n",
      [["message", "a", ""]],
    ],
    [
      "names an event",
      "event: add\ndata: 1\n\ndata: 2\n\n",
      [
        ["add", "1", ""],
        ["message", "2", ""],
      ],
    ],
    ["forgets the name of an event without data", "event: add\n\ndata: 1\n\n", [["message", "1", ""]]],
    [
      "takes the last name of several, and an empty one for none",
      "event: a\nevent: b\ndata\n\nevent: c\nevent\ndata\n\n",
      [
        ["b", "", ""],
        ["message", "", ""],
      ],
    ],
    [
      "keeps an id until there is another",
      "id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n",
      [
        ["message", "a", "1"],
        ["message", "b", "1"],
        ["message", "c", ""],
      ],
    ],
    [
      "passes over an id that holds NULL",
      "id: 1\ndata: a\n\nid: 2\u00003\ndata: b\n\n",
      [
        ["message", "a", "1"],
        ["message", "b", "1"],
      ],
    ],
    ["keeps an id that is no number", "id: …\u{1f600}\ndata\n\n", [["message", "", "…\u{1f600}"]]],
    [
      "ends lines with LF, CR, or both",
      "data: a\r\rdata: b\r\n\r\ndata: c\n\ndata: d\r\n\ndata: e\n\r\n",
      [
        ["message", "a", ""],
        ["message", "b", ""],
        ["message", "c", ""],
        ["message", "d", ""],
        ["message", "e", ""],
      ],
    ],
    ["takes CR LF for one end", "data: a\r\ndata: b\r\n\r\n", [["message", "a\nb", ""]]],
    [
      "takes LF CR for two",
      "data: a\n\rdata: b\n\n",
      [
        ["message", "a", ""],
        ["message", "b", ""],
      ],
    ],
    ["drops one byte order mark at its beginning", "\ufeffdata: a\n\n\ufeffdata: b\n\n", [["message", "a", ""]]],
    ["drops one of two byte order marks", "\ufeff\ufeffdata: a\n\n", []],
    ["keeps a byte order mark in a value", "data: \ufeffa\n\n", [["message", "\ufeffa", ""]]],
    [
      "keeps NULL, and other controls, in data",
      "data: \u0000\u0001\u000b\u2028\n\n",
      [["message", "\u0000\u0001\u000b\u2028", ""]],
    ],
    ["ends with nothing where nothing was", "\n\n\r\r\n", []],
  ];
  for (const [name, stream, events] of cases) {
    test(name, () => {
      assert.deepEqual(read(stream), events);
      // Byte by byte it is the same.
      const bytes = [...encode(stream)].map((byte) => Uint8Array.of(byte));
      assert.deepEqual(parse(bytes), parse([encode(stream)]));
    });
  }

  test("says how long to wait by digits alone", () => {
    const stream = [
      "retry: 10",
      "retry: 1e3",
      "retry: -5",
      "retry: 5 ",
      "retry:",
      "retry",
      "retry: ٣",
      "retry: 020",
      "",
    ].join("\n");
    assert.deepEqual(parse([encode(stream)]).retries, [10, 20]);
  });

  test("does not wait for longer than a day, however many digits there are", () => {
    assert.deepEqual(parse([encode(`retry: ${"9".repeat(400)}\n`)]).retries, [86_400_000]);
  });

  test("tells its last id once the event ends, with or without data", () => {
    assert.equal(parse([encode("id: 1\n")]).lastEventId, "");
    assert.equal(parse([encode("id: 1\n\n")]).lastEventId, "1");
    assert.equal(parse([encode("id: 1\n\nid: 2\ndata: x\n")]).lastEventId, "1");
  });

  test("goes on from the id that was the last before it was lost", () => {
    const told = parse([encode("data: a\n\n")], { lastEventId: "41" });
    assert.equal(told.events[0]?.lastEventId, "41");
    assert.equal(told.lastEventId, "41");
  });

  test("reads bytes that are no UTF-8 as replacement characters", () => {
    const bytes = Buffer.concat([
      encode("data: "),
      Uint8Array.of(0xc3, 0x0a),
      encode("data: "),
      Uint8Array.of(0xff),
      encode("\n\n"),
    ]);
    assert.deepEqual(parse([bytes]).events[0]?.data, "\ufffd\n\ufffd");
  });
});

describe("limits of an event stream", () => {
  const tooLarge: readonly (readonly [name: string, stream: string])[] = [
    ["a line without an end", "x".repeat(101)],
    ["a comment without an end", `:${"x".repeat(100)}`],
    ["a line of data", `data: ${"x".repeat(100)}\n`],
    ["data in many lines", "data: 123456789\n".repeat(11)],
    ["data in many empty lines", "data\n".repeat(101)],
  ];
  for (const [name, stream] of tooLarge) {
    test(`${name} is refused by name past them`, () => {
      const whole = encode(stream);
      for (const pieces of [[whole], [...whole].map((byte) => Uint8Array.of(byte))]) {
        assert.throws(() => parse(pieces, { eventLimitBytes: 100, peer: "a:443" }), {
          name: "ProtocolError",
          code: "EVENT_TOO_LARGE",
          peer: "a:443",
        });
      }
    });
  }

  test("hold for one event, and not for all of a stream", () => {
    const { events } = parse([encode(`data: ${"x".repeat(50)}\n\n`.repeat(1_000))], { eventLimitBytes: 100 });
    assert.equal(events.length, 1_000);
  });
});

describe("whatever comes", () => {
  const text = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          "data",
          "event",
          "id",
          "retry",
          ":",
          ": ",
          "\n",
          "\r",
          "\r\n",
          "\n\n",
          "\ufeff",
          "\0",
          "x",
          "1",
          "é",
          "\u{1f600}",
        ),
        fc.string({ unit: "binary", maxLength: 5 }),
      ),
    )
    .map((parts) => encode(parts.join("")));

  test("any split of the bytes tells the same", () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.uint8Array()), fc.array(fc.nat({ max: 200 })), (bytes, cuts) => {
        const places = [...new Set(cuts.map((cut) => Math.min(cut, bytes.length)))].sort((a, b) => a - b);
        const pieces = [...places, bytes.length].map((end, index) => bytes.subarray(places[index - 1] ?? 0, end));
        assert.deepEqual(parse(pieces), parse([bytes]));
      }),
    );
  });
});

describe("the content type of an event stream", () => {
  for (const [value, is] of [
    ["text/event-stream", true],
    ["Text/Event-Stream; charset=utf-8", true],
    ["text/event-stream ;x=y", true],
    ["text/event-streams", false],
    ["text/plain; text/event-stream", false],
    ["", false],
    [undefined, false],
  ] as const) {
    test(`${String(value)} is ${is ? "one" : "none"}`, () => {
      assert.equal(isEventStream(value), is);
    });
  }
});
