import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type CoapMessage, readCoapMessage, readOption, writeOption } from "@fairlead/iot/coap/protocol";
import {
  MemoryBudget,
  type MessageContent,
  type ReceivedRequest,
} from "../../../../src/coap/protocol/delivery/index.ts";
import { LayerProbe, type ProbeOptions } from "./layer-probe.ts";

const payload = new Uint8Array(0);
const content: MessageContent = { code: "2.05", options: [], payload: Uint8Array.of(1) };
const notification: MessageContent = { code: "2.05", options: [writeOption("observe", 2)], payload };
const observing: Partial<CoapMessage> = { options: [writeOption("observe", 0)] };
const non: Partial<CoapMessage> = { type: "non-confirmable" };

/** A layer that was asked. */
function asked(
  message: Partial<CoapMessage> = {},
  options: ProbeOptions = {},
): { readonly probe: LayerProbe; readonly received: ReceivedRequest<string> } {
  const probe = new LayerProbe(options);
  assert.deepEqual(probe.receive(message), ["request 0.01"]);
  const [received] = probe.requests;
  assert.ok(received);
  return { probe, received };
}

function answer(
  probe: LayerProbe,
  received: ReceivedRequest<string>,
  response: MessageContent | undefined,
  delivery: "confirmable" | "non-confirmable" = "confirmable",
): readonly string[] {
  return probe.tell(probe.layer.respond(received, response, delivery, "s", probe.now));
}

describe("a confirmable request", () => {
  test("has its answer on the acknowledgement, if that comes in time (RFC 7252 section 5.2.1)", () => {
    const { probe, received } = asked();
    assert.deepEqual(probe.until(249), []);
    assert.deepEqual(answer(probe, received, content), ["send ACK 2.05 #7", "sent s"]);
    assert.deepEqual([...(probe.sent[0] ?? [])].slice(4, 6), [1, 2], "with its token");
    assert.ok(probe.layer.isIdle);
    assert.deepEqual(probe.until(300_000), []);
  });

  test("is acknowledged when the answer is late, which then is a message of its own (RFC 7252 section 5.2.2)", () => {
    const { probe, received } = asked();
    assert.deepEqual(probe.until(1_000), ["0.25 send ACK 0.00 #7"]);
    assert.deepEqual(answer(probe, received, content), ["send CON 2.05 #0"]);
    assert.deepEqual(probe.until(3_000), ["3 send CON 2.05 #0"]);
    assert.deepEqual(probe.receive(Uint8Array.of(0x60, 0, 0, 0)), ["sent s"]);
    assert.ok(probe.layer.isIdle);
  });

  test("has its copies answered as it was, for EXCHANGE_LIFETIME (RFC 7252 section 4.5)", () => {
    const { probe, received } = asked();
    assert.deepEqual(probe.receive({}), [], "there is nothing to say yet");
    assert.deepEqual(probe.until(500), ["0.25 send ACK 0.00 #7"]);
    assert.deepEqual(probe.receive({}), ["send ACK 0.00 #7"]);
    answer(probe, received, content);
    assert.deepEqual(probe.receive({}), ["send ACK 0.00 #7"], "the answer is another message");
    probe.until(246_999);
    assert.deepEqual(probe.receive({}), ["send ACK 0.00 #7"]);
    probe.until(247_000);
    assert.deepEqual(probe.receive({}), ["request 0.01"]);
  });

  test("has its copies answered by the bytes of the first answer", () => {
    const { probe, received } = asked();
    answer(probe, received, content);
    assert.deepEqual(probe.receive({}), ["send ACK 2.05 #7"]);
    assert.deepEqual(probe.sent[0], probe.sent[1]);
  });

  test("is acknowledged and no more when nothing is to be said", () => {
    const { probe, received } = asked();
    assert.deepEqual(answer(probe, received, undefined), ["send ACK 0.00 #7", "sent s"]);
    assert.ok(probe.layer.isIdle);
  });

  test("is answered by its token, however long that is (RFC 8974)", () => {
    const token = new Uint8Array(64).fill(7);
    const bytes = Uint8Array.of(0x4d, 1, 0, 7, 64 - 13, ...token);
    const probe = new LayerProbe();
    assert.deepEqual(probe.receive(bytes), ["request 0.01"]);
    const [received] = probe.requests;
    assert.ok(received);
    assert.equal(answer(probe, received, content).length, 2);
    assert.deepEqual(probe.sent[0], Uint8Array.of(0x6d, 0x45, 0, 7, 64 - 13, ...token, 0xff, 1));
  });

  test("is rejected when its token is longer than the limit", () => {
    const probe = new LayerProbe();
    assert.deepEqual(probe.receive(Uint8Array.of(0x4d, 1, 0, 7, 65 - 13, ...new Uint8Array(65))), ["send RST 0.00 #7"]);
  });

  test("can be answered by less when the answer was too large", () => {
    const { probe, received } = asked({}, { maxMessageBytes: 20 });
    assert.deepEqual(answer(probe, received, { ...content, payload: new Uint8Array(20) }), ["not-sent s too-large"]);
    assert.deepEqual(answer(probe, received, content), ["send ACK 2.05 #7", "sent s"]);
  });

  test("has its answer given up when nobody takes it, and is over (RFC 7252 section 4.2)", () => {
    const { probe, received } = asked();
    probe.until(250);
    answer(probe, received, content);
    assert.deepEqual(probe.until(100_000).slice(-1), ["62.25 not-sent s not-acknowledged"]);
    const { probe: other, received: rejected } = asked();
    other.until(250);
    answer(other, rejected, content);
    assert.deepEqual(other.receive(Uint8Array.of(0x70, 0, 0, 0)), ["not-sent s reset"]);
  });
});

describe("a non-confirmable request", () => {
  test("is answered by a message of its own, which wants no acknowledgement (RFC 7252 section 5.2.3)", () => {
    const { probe, received } = asked(non);
    assert.deepEqual(answer(probe, received, content, "non-confirmable"), ["send NON 2.05 #0", "sent s"]);
    assert.deepEqual(probe.until(100_000), []);
  });

  test("may be answered by one that does", () => {
    const { probe, received } = asked(non);
    assert.deepEqual(answer(probe, received, content), ["send CON 2.05 #0"]);
  });

  test("is heard once within NON_LIFETIME (RFC 7252 section 4.5)", () => {
    const { probe, received } = asked(non);
    answer(probe, received, content, "non-confirmable");
    assert.deepEqual(probe.receive(non), []);
    probe.until(144_999);
    assert.deepEqual(probe.receive(non), []);
    probe.until(145_000);
    assert.deepEqual(probe.receive(non), ["request 0.01"]);
  });
});

describe("an observation", () => {
  test("is told of, each time by a message of its own", () => {
    const { probe, received } = asked(observing);
    assert.deepEqual(answer(probe, received, notification), ["send ACK 2.05 #7", "sent s"]);
    assert.ok(!probe.layer.isIdle);
    assert.deepEqual(answer(probe, received, notification, "non-confirmable"), ["send NON 2.05 #0", "sent s"]);
    assert.deepEqual(answer(probe, received, notification), ["send CON 2.05 #1"]);
  });

  const ends: readonly (readonly [
    string,
    (probe: LayerProbe, received: ReceivedRequest<string>) => readonly string[],
  ])[] = [
    [
      "when a notification is rejected (RFC 7641 section 3.6)",
      (probe, received) => {
        answer(probe, received, notification);
        return probe.receive(Uint8Array.of(0x70, 0, 0, 0));
      },
    ],
    [
      "when one that wants no acknowledgement is rejected (RFC 7641 section 3.6)",
      (probe, received) => {
        answer(probe, received, notification, "non-confirmable");
        return probe.receive(Uint8Array.of(0x70, 0, 0, 0));
      },
    ],
    [
      "when a notification is never acknowledged (RFC 7641 section 4.5)",
      (probe, received) => {
        answer(probe, received, notification);
        return probe.until(100_000);
      },
    ],
    [
      "when the peer asks again by the same token (RFC 7641 section 4.1)",
      (probe) => probe.receive({ ...observing, messageId: 8 }),
    ],
    [
      "when the peer says so (RFC 7641 section 3.6)",
      (probe) => probe.receive({ options: [writeOption("observe", 1)], messageId: 8 }),
    ],
  ];
  for (const [how, end] of ends) {
    test(`is over ${how}`, () => {
      const { probe, received } = asked(observing);
      answer(probe, received, notification);
      const lines = end(probe, received);
      assert.equal(lines.filter((line) => line.endsWith("over 0.01")).length, 1, lines.join("; "));
      assert.ok(received.isOver);
    });
  }

  test("goes on when another resource is asked for, or by another token", () => {
    const { probe, received } = asked(observing);
    answer(probe, received, notification);
    assert.deepEqual(probe.receive({ messageId: 8 }), ["request 0.01"]);
    assert.deepEqual(probe.receive({ ...observing, messageId: 9, token: Uint8Array.of(9) }), ["request 0.01"]);
    assert.ok(!received.isOver);
  });

  test("is none when the first answer says nothing of it", () => {
    const { probe, received } = asked(observing);
    answer(probe, received, content);
    assert.ok(probe.layer.isIdle);
  });

  test("is over behind an error", () => {
    const { probe, received } = asked(observing);
    answer(probe, received, notification);
    answer(probe, received, { code: "4.04", options: [], payload }, "non-confirmable");
    assert.ok(probe.layer.isIdle);
  });
});

describe("a message that cannot be for us", () => {
  const rejected: readonly (readonly [string, Uint8Array])[] = [
    ["a ping", Uint8Array.of(0x40, 0, 0, 7)],
    ["an answer to nothing", Uint8Array.of(0x42, 0x45, 0, 7, 1, 2)],
    ["an answer to nothing that wants no acknowledgement", Uint8Array.of(0x52, 0x45, 0, 7, 1, 2)],
    ["a reserved code", Uint8Array.of(0x40, 0x20, 0, 7)],
    ["a token that is cut off", Uint8Array.of(0x44, 1, 0, 7, 1)],
    ["a reserved token length", Uint8Array.of(0x4f, 1, 0, 7, 1)],
    ["an empty message with a token", Uint8Array.of(0x41, 0, 0, 7, 1)],
    ["an option that is cut off", Uint8Array.of(0x40, 1, 0, 7, 0xb5)],
    ["a payload that is missing", Uint8Array.of(0x40, 1, 0, 7, 0xff)],
  ];
  for (const [what, bytes] of rejected) {
    test(`is rejected: ${what} (RFC 7252 sections 4.2 and 4.3)`, () => {
      assert.deepEqual(new LayerProbe().receive(bytes), ["send RST 0.00 #7"]);
      assert.deepEqual(new LayerProbe().receive(bytes, true), [], "and not when it was sent to a group");
    });
  }

  const ignored: readonly (readonly [string, Uint8Array])[] = [
    ["nothing", new Uint8Array(0)],
    ["half a header", Uint8Array.of(0x40, 1, 0)],
    ["another version", Uint8Array.of(0x80, 1, 0, 7)],
    ["a malformed one that wants no acknowledgement", Uint8Array.of(0x50, 1, 0, 7, 0xff)],
    ["an acknowledgement of nothing", Uint8Array.of(0x60, 0, 0, 7)],
    ["an acknowledgement with a request", Uint8Array.of(0x60, 1, 0, 7)],
    ["a reset of nothing", Uint8Array.of(0x70, 0, 0, 7)],
    ["a reset with a code", Uint8Array.of(0x70, 0x45, 0, 7)],
  ];
  for (const [what, bytes] of ignored) {
    test(`is ignored: ${what}`, () => {
      assert.deepEqual(new LayerProbe().receive(bytes), []);
    });
  }
});

test("a registration that another replaces is acknowledged, though nobody answers it (RFC 7252 section 4.2)", () => {
  const { probe } = asked(observing);
  const effects = probe.receive({ ...observing, messageId: 8 });
  assert.deepEqual(effects, ["send ACK 0.00 #7", "over 0.01", "request 0.01"]);
});

describe("what one peer may have kept", () => {
  test("is bounded in requests: one beyond is told so by 5.03, and heard when it is repeated later", () => {
    const { probe, received } = asked({}, { limits: { requests: 1 } });
    assert.deepEqual(probe.receive({ messageId: 8 }), ["send ACK 5.03 #8"]);
    const refusal = probe.sent.at(-1);
    assert.ok(refusal);
    const reading = readCoapMessage(refusal);
    assert.ok(reading.type === "message");
    assert.equal(readOption(reading.message, "maxAge"), 1);
    assert.deepEqual(reading.message.token, received.message.token);
    answer(probe, received, content);
    assert.deepEqual(probe.receive({ messageId: 8 }), ["request 0.01"]);
  });

  test("is bounded in requests: one beyond that wants no acknowledgement is not heard", () => {
    const { probe } = asked({}, { limits: { requests: 1 } });
    assert.deepEqual(probe.receive({ type: "non-confirmable", messageId: 8 }), []);
  });

  test("is bounded in memory: the oldest message is forgotten first", () => {
    const { probe, received } = asked({}, { limits: { rememberedBytes: 250 } });
    answer(probe, received, content);
    for (const messageId of [8, 9]) probe.receive({ messageId });
    assert.deepEqual(probe.receive({ messageId: 9 }), []);
    assert.deepEqual(probe.receive({}), ["request 0.01"]);
  });

  test("is bounded by what all peers have together, and is given back", () => {
    const budget = new MemoryBudget(1_000);
    const first = new LayerProbe({ budget });
    for (let messageId = 0; messageId < 20; messageId += 1) {
      first.receive({ messageId });
      assert.ok(budget.usedBytes <= 1_000);
    }
    const second = new LayerProbe({ budget });
    assert.deepEqual(second.receive({}), ["request 0.01"], "dealt with, though it cannot be remembered");
    first.layer.close("closed");
    assert.equal(budget.usedBytes, 0);
    second.receive({ messageId: 8 });
    assert.deepEqual(second.receive({ messageId: 8 }), []);
  });
});

describe("a request to a group", () => {
  const leisurely: ProbeOptions = { random: () => 2 ** 31 };

  test("is answered after a random leisure, and never confirmably (RFC 7252 section 8.2)", () => {
    const probe = new LayerProbe(leisurely);
    assert.deepEqual(probe.receive(non, true), ["request 0.01"]);
    const [received] = probe.requests;
    assert.ok(received);
    assert.deepEqual(answer(probe, received, content), []);
    assert.ok(!probe.layer.isIdle);
    assert.deepEqual(probe.until(10_000), ["2.5 send NON 2.05 #0", "2.5 sent s"]);
    assert.ok(probe.layer.isIdle);
  });

  const unsaid: readonly (readonly [string, MessageContent])[] = [
    ["an error of the client's", { code: "4.04", options: [], payload }],
    ["an error of the server's", { code: "5.00", options: [], payload }],
    ["content without any", { code: "2.05", options: [], payload }],
  ];
  for (const [what, response] of unsaid) {
    test(`is not answered by ${what} (RFC 7252 section 8.2), unless it says so (RFC 7967 section 2)`, () => {
      for (const [options, lines] of [
        [[], ["sent s"]],
        [[writeOption("noResponse", 0)], []],
      ] as const) {
        const probe = new LayerProbe(leisurely);
        probe.receive({ ...non, options }, true);
        const [received] = probe.requests;
        assert.ok(received);
        assert.deepEqual(answer(probe, received, response), lines);
      }
    });
  }

  test("is answered by what lets the client show that it is there (RFC 9175 section 2.4)", () => {
    const probe = new LayerProbe(leisurely);
    probe.receive(non, true);
    const [received] = probe.requests;
    assert.ok(received);
    const challenge: MessageContent = { code: "4.01", options: [writeOption("echo", Uint8Array.of(1))], payload };
    assert.deepEqual(answer(probe, received, challenge), []);
    assert.deepEqual(probe.until(10_000), ["2.5 send NON 4.01 #0", "2.5 sent s"]);
  });

  test("is ignored when it wants an acknowledgement (RFC 7252 section 8.1)", () => {
    assert.deepEqual(new LayerProbe().receive({}, true), []);
  });
});
