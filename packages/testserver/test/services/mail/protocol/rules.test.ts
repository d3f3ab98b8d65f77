import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { splitImapCommand } from "../../../../src/services/mail/protocol/imap-arguments.ts";
import { headerFields, headerValue, splitMessage } from "../../../../src/services/mail/protocol/message-parts.ts";
import { readSequenceSet } from "../../../../src/services/mail/protocol/sequence-set.ts";
import { readSmtpPath } from "../../../../src/services/mail/protocol/smtp-path.ts";

describe("readSmtpPath, RFC 5321 section 4.1.2", () => {
  for (const [argument, path] of [
    ["FROM:<a@b.test>", { address: "a@b.test", parameters: [] }],
    ["from: <a@b.test> SIZE=10 BODY=8BITMIME", { address: "a@b.test", parameters: ["SIZE=10", "BODY=8BITMIME"] }],
    ["FROM:<>", { address: "", parameters: [] }],
    ["TO:<a@b.test>", undefined],
    ["FROM:a@b.test", undefined],
    ["FROM:<a@b.test", undefined],
    ["FROM:<a b@c.test>", undefined],
    ["FROM:<<a@b.test>>", undefined],
    [`FROM:<${"a".repeat(321)}>`, undefined],
  ] as const) {
    test(argument.slice(0, 40), () => {
      assert.deepEqual(readSmtpPath("FROM", argument), path);
    });
  }
});

describe("splitImapCommand, RFC 9051 section 4", () => {
  for (const [text, literals, split] of [
    ["a1 NOOP", [], ["a1", "NOOP"]],
    ['a1 LOGIN "us\\"er" pass', [], ["a1", "LOGIN", 'us"er', "pass"]],
    ["a1 LOGIN {4}  {4}", ["user", "pass"], ["a1", "LOGIN", "user", "pass"]],
    [
      "a1 FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (A B)]<0.10>)",
      [],
      ["a1", "FETCH", "1:*", ["FLAGS", "BODY.PEEK[HEADER.FIELDS (A B)]<0.10>"]],
    ],
    ["a1 STORE 1 FLAGS ((\\Seen) ())", [], ["a1", "STORE", "1", "FLAGS", [["\\Seen"], []]]],
    ["a1 X (", [], undefined],
    ["a1 X )", [], undefined],
    ['a1 X "open', [], undefined],
    ["a1 X BODY[", [], undefined],
    [`a1 X ${"(".repeat(9)}${")".repeat(9)}`, [], undefined],
  ] as const) {
    test(text, () => {
      assert.deepEqual(splitImapCommand(text, literals), split);
    });
  }

  test("never throws and never hangs, whatever arrives", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aB1 ()[]{}"\\<>.*%+'.split("")), maxLength: 80 }), (text) => {
        splitImapCommand(text, []);
      }),
    );
  });
});

describe("readSequenceSet, RFC 9051 section 9", () => {
  test("a range holds its ends whichever way round it is, and * is the largest", () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), fc.nat(50), (from, to, number) => {
        const isIn = number >= Math.min(from, to) && number <= Math.max(from, to);
        assert.equal(readSequenceSet(`${from}:${to}`, 50)?.(number), isIn);
        assert.equal(readSequenceSet(`${to}:*`, from)?.(number), isIn);
      }),
    );
  });

  for (const text of ["", "a", "1,", ":", "1:2:3", "1 2", "-1", "9".repeat(11), "1,".repeat(600)]) {
    test(`refuses ${JSON.stringify(text.slice(0, 20))}`, () => {
      assert.equal(readSequenceSet(text, 10), undefined);
    });
  }
});

describe("parts of a message, RFC 5322 section 2", () => {
  const message = "Subject: a\r\n b\r\nFrom: x\r\n\r\nSubject: body\r\n";

  test("the header ends with the first empty line", () => {
    assert.deepEqual(splitMessage(message), { header: message.slice(0, 27), body: "Subject: body\r\n" });
    assert.deepEqual(splitMessage("no end"), { header: "no end", body: "" });
  });

  test("fields are found whatever their case, folded as they came and unfolded", () => {
    const { header } = splitMessage(message);
    assert.deepEqual(
      headerFields(header).map(({ text }) => text),
      ["Subject: a\r\n b\r\n", "From: x\r\n"],
    );
    assert.equal(headerValue(header, "subject"), "a b");
    assert.equal(headerValue(header, "to"), undefined);
  });
});
