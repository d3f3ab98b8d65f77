import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  readStartupParameters,
  writePostgresMessage,
} from "../../../../src/services/databases/protocol/postgres-messages.ts";
import { answerQuery } from "../../../../src/services/databases/protocol/postgres-query.ts";

const facts = { now: Date.UTC(2030, 0, 2), user: "user", isSecure: true };

describe("messages of PostgreSQL", () => {
  test("begin with their type and their length without it", () => {
    const bytes = writePostgresMessage({ type: "C", parts: ["é", 1, { int16: -1 }, { byte: 7 }, new Uint8Array([9])] });
    assert.deepEqual([...bytes], [0x43, 0, 0, 0, 15, 0xc3, 0xa9, 0, 0, 0, 0, 1, 0xff, 0xff, 7, 9]);
  });

  test("startup parameters come in pairs, and end with a zero byte", () => {
    const read = (text: string): unknown => readStartupParameters(new TextEncoder().encode(text));
    assert.deepEqual(
      read("user\0me\0database\0db\0\0"),
      new Map([
        ["user", "me"],
        ["database", "db"],
      ]),
    );
    for (const text of ["", "user\0", "user\0me\0", "user\0me\0x\0\0", "user"])
      assert.equal(read(text), undefined, text);
  });
});

describe("answerQuery", () => {
  for (const [query, values] of [
    ["select 1", ["1"]],
    ["  SELECT\n -7 ; ", ["-7"]],
    ["select now()", ["2030-01-02 00:00:00.000+00"]],
    ["select generate_series(1, 3)", ["1", "2", "3"]],
    ["show ssl", ["on"]],
  ] as const) {
    test(query, () => {
      const answer = answerQuery(query, facts);
      assert.deepEqual(answer.type === "rows" && answer.values, values);
    });
  }

  test("says of all else that it is not known, and never throws", () => {
    assert.equal(answerQuery("select generate_series(1, 99999)", facts).type, "unknown");
    assert.equal(answerQuery("select 1; drop table users", facts).type, "unknown");
    fc.assert(
      fc.property(fc.string(), (query) => {
        answerQuery(query, facts);
      }),
    );
  });
});
