import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  EventStreamParser,
  formatComment,
  formatEvent,
  type OutgoingEvent,
  type StreamEvent,
} from "@fairlead/http/event-stream";

function read(text: string): { readonly events: StreamEvent[]; readonly retries: number[] } {
  const events: StreamEvent[] = [];
  const retries: number[] = [];
  const parser = new EventStreamParser({
    onEvent: (event) => events.push(event),
    onRetry: (each) => retries.push(each),
  });
  parser.read(new TextEncoder().encode(text));
  return { events, retries };
}

const formatted: readonly [event: OutgoingEvent, text: string][] = [
  [{ data: "hello" }, "data: hello\n\n"],
  [{ data: "" }, "data: \n\n"],
  [{ data: "one\ntwo\r\nthree\rfour" }, "data: one\ndata: two\ndata: three\ndata: four\n\n"],
  [{ event: "tick", id: "7", retry: 50, data: "x" }, "event: tick\nid: 7\nretry: 50\ndata: x\n\n"],
  [{ data: "id: 9\n\nevent: other" }, "data: id: 9\ndata: \ndata: event: other\n\n"],
  [{ retry: 0 }, "retry: 0\n\n"],
];
for (const [event, text] of formatted) {
  test(`${JSON.stringify(event)} is written as HTML section 9.2.5 says`, () => {
    assert.equal(formatEvent(event), text);
  });
}

const refused: readonly OutgoingEvent[] = [
  { event: "a\nb" },
  { event: "a\rdata: injected" },
  { id: "1\n\ndata: injected" },
  { id: "a\0b" },
  { retry: -1 },
  { retry: 1.5 },
  { retry: Number.NaN },
];
for (const event of refused) {
  test(`${JSON.stringify(event)} is refused`, () => {
    assert.equal(formatEvent({ data: "x", ...event }), undefined);
  });
}

test("an event is read as it was given, whatever it says", () => {
  const noBreaks = fc.string({ unit: "grapheme" }).filter((text) => !/[\r\n\0]/.test(text));
  const anything = fc.array(fc.constantFrom("\r", "\n", ":", " ", "data", "id", "é", "\u2028", "x"), { maxLength: 12 });
  fc.assert(
    fc.property(anything, noBreaks, noBreaks, fc.nat(), (pieces, event, id, retry) => {
      const data = pieces.join("");
      const { events, retries } = read(formatEvent({ data, event, id, retry }) ?? "");
      const seen = data.replace(/\r\n?/g, "\n");
      assert.deepEqual(events, [{ type: event === "" ? "message" : event, data: seen, lastEventId: id }]);
      assert.deepEqual(retries, [Math.min(retry, 86_400_000)]);
    }),
  );
});

test("a comment says nothing to its reader, whatever it holds", () => {
  assert.equal(formatComment(""), ": \n\n");
  assert.deepEqual(read(formatComment("\n\ndata: x\r\rid: 1\n\n")).events, []);
});
