import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { MemoryBudget } from "../../../../src/coap/protocol/delivery/memory-budget.ts";
import { ReceivedMessages } from "../../../../src/coap/protocol/delivery/received-messages.ts";

describe("messages that came", () => {
  test("are remembered with what was said to them, until their time is over (RFC 7252 section 4.5)", () => {
    const messages = new ReceivedMessages(10_000, new MemoryBudget(10_000));
    messages.add(7, 1_000, 0);
    assert.deepEqual(messages.find(7, 10), { reply: undefined });
    messages.replyTo(7, Uint8Array.of(1, 2, 3));
    assert.deepEqual(messages.find(7, 999), { reply: Uint8Array.of(1, 2, 3) });
    assert.equal(messages.find(7, 1_000), undefined);
    assert.equal(messages.size, 0);
  });

  test("keep a reply as it was said, whatever becomes of its bytes", () => {
    const messages = new ReceivedMessages(10_000, new MemoryBudget(10_000));
    const reply = Uint8Array.of(1, 2, 3);
    messages.add(7, 1_000, 0);
    messages.replyTo(7, reply);
    reply.fill(9);
    assert.deepEqual(messages.find(7, 0)?.reply, Uint8Array.of(1, 2, 3));
  });

  test("keep a reply as large as a datagram", () => {
    const messages = new ReceivedMessages(1_000_000, new MemoryBudget(1_000_000));
    const reply = new Uint8Array(65_507).fill(5);
    messages.add(7, 1_000, 0);
    messages.replyTo(7, reply);
    messages.add(8, 1_000, 0);
    messages.replyTo(8, reply.subarray(0, 4));
    assert.deepEqual(messages.find(7, 0)?.reply, reply);
    assert.deepEqual(messages.find(8, 0)?.reply, Uint8Array.of(5, 5, 5, 5));
  });

  test("are as a plain list has them, the oldest forgotten first, and give all back that they took", () => {
    const step = fc.record({
      what: fc.constantFrom("add", "reply", "wait"),
      messageId: fc.integer({ min: 0, max: 12 }),
      replyBytes: fc.integer({ min: 1, max: 300 }),
      milliseconds: fc.integer({ min: 0, max: 400 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        const budget = new MemoryBudget(100_000);
        const messages = new ReceivedMessages(100_000, budget);
        const expected = new Map<number, { readonly until: number; reply: Uint8Array | undefined }>();
        let now = 0;
        for (const [index, { what, messageId, replyBytes, milliseconds }] of steps.entries()) {
          if (what === "wait") now += milliseconds;
          const known = expected.get(messageId);
          const isKnown = known !== undefined && known.until > now;
          assert.deepEqual(messages.find(messageId, now), isKnown ? { reply: known.reply } : undefined);
          if (what === "add" && !isKnown) {
            messages.add(messageId, 1_000, now);
            expected.set(messageId, { until: now + 1_000, reply: undefined });
          }
          if (what === "reply" && isKnown && known.reply === undefined) {
            known.reply = new Uint8Array(replyBytes).fill(index);
            messages.replyTo(messageId, known.reply);
          }
        }
        now += 1_000;
        messages.purge(now);
        assert.deepEqual([messages.size, budget.usedBytes], [0, 0]);
      }),
    );
  });

  test("make room for the newest within the limit, and within what others leave", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 500, max: 3_000 }),
        fc.integer({ min: 500, max: 3_000 }),
        (replies, limitBytes, budgetBytes) => {
          const budget = new MemoryBudget(budgetBytes);
          const messages = new ReceivedMessages(limitBytes, budget);
          for (const [messageId, replyBytes] of replies.entries()) {
            messages.add(messageId, 1_000, 0);
            messages.replyTo(messageId, new Uint8Array(replyBytes).fill(1));
            assert.equal(messages.find(messageId, 0)?.reply?.length, replyBytes);
            assert.ok(budget.usedBytes <= Math.min(limitBytes, budgetBytes));
          }
          const kept = replies.map((_, messageId) => messages.find(messageId, 0) !== undefined);
          assert.equal(kept.lastIndexOf(false) + 1, kept.length - messages.size, "those that are kept are the newest");
          messages.clear();
          assert.equal(budget.usedBytes, 0);
        },
      ),
    );
  });
});
