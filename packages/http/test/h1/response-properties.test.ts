import { RESPONSE_HEAD_SOURCE } from "../../src/h1/grammar.ts";
import { findBlockFault } from "../../src/h1/block-fault.ts";
import { listFields } from "@fairlead/http/h1";
import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { feed, feedBytes, latin1 } from "./feeding.ts";
import { mutatedResponse, validResponse } from "./response-arbitraries.ts";

const SEED = 20_261_121;

test("a response that is formatted is read as it was", () => {
  fc.assert(
    fc.property(validResponse, ({ bytes, status, reason, fields, body, trailers }) => {
      const told = feed([latin1(bytes)]);
      assert.equal(told.error, undefined, bytes);
      const head = told.events.find((event) => (event as unknown[])[0] === "head") as unknown[];
      assert.deepEqual(head.slice(2, 4), [status, reason]);
      assert.deepEqual((head[4] as string[]).slice(0, fields.length), fields);
      assert.equal(told.body, body);
      const end = told.events.at(-1) as [string, Record<string, string>];
      assert.equal(end[0], "end");
      assert.deepEqual(Object.keys(end[1]), trailers.length === 0 ? [] : [trailers[0]?.toLowerCase()]);
    }),
    { numRuns: 1_000, seed: SEED },
  );
});

test("however it is cut, a response tells the same, and nothing but a ProtocolError is thrown", () => {
  const cuts = fc.array(fc.nat(), { maxLength: 8 });
  fc.assert(
    fc.property(mutatedResponse, cuts, fc.boolean(), (text, at, ends) => {
      const bytes = latin1(text);
      const positions = at.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b);
      const pieces = [...positions, bytes.length].map((end, index) => bytes.subarray(positions[index - 1] ?? 0, end));
      const whole = feed([bytes], { ends });
      const cut = feed(pieces, { ends });
      const single = feedBytes(bytes, { ends });
      for (const other of [cut, single]) {
        assert.deepEqual([other.events, other.error], [whole.events, whole.error]);
        // What comes with too much is refused, whole or not, before or behind a few bytes of body.
        assert.ok(whole.error !== undefined || other.body === whole.body);
      }
    }),
    { numRuns: 3_000, seed: SEED },
  );
});

test("an expression accepts the heads that the line by line check finds no fault with, and no others", () => {
  const grammar = new RegExp(`^${RESPONSE_HEAD_SOURCE}$`);
  let accepted = 0;
  fc.assert(
    fc.property(mutatedResponse, (text) => {
      const end = text.indexOf("\r\n\r\n");
      if (end === -1) return;
      const head = text.slice(0, end + 4);
      assert.equal(grammar.test(head), findBlockFault(head, "response") === undefined, JSON.stringify(head));
      if (grammar.test(head)) accepted += 1;
    }),
    { numRuns: 5_000, seed: SEED },
  );
  assert.ok(accepted > 500, String(accepted));
});

test("fields that are listed keep their spelling", () => {
  assert.deepEqual(listFields("A: b\r\nc:\td \r\n\r\n"), ["A", "b", "c", "d"]);
});
