import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { blockUint, type CoapMessage, type CoapOption, writeOption } from "@fairlead/iot/coap/protocol";
import type { MessageContent, OpenExchange } from "../../../../src/coap/protocol/delivery/index.ts";
import { LayerProbe, type ProbeOptions } from "./layer-probe.ts";

const get: MessageContent = { code: "0.01", options: [], payload: new Uint8Array(0) };

/** A layer that has asked for something. */
function asking(
  options: ProbeOptions = {},
  delivery: "confirmable" | "non-confirmable" = "confirmable",
): { readonly probe: LayerProbe; readonly exchange: OpenExchange<string>; readonly lines: readonly string[] } {
  const probe = new LayerProbe(options);
  const exchange = probe.layer.open("a");
  return { probe, exchange, lines: probe.tell(probe.layer.request(exchange, get, delivery, 0)) };
}

describe("a confirmable request", () => {
  test("is repeated after waits that double, and given up after MAX_RETRANSMIT (RFC 7252 section 4.2)", () => {
    const { probe, lines } = asking();
    assert.deepEqual(lines, ["send CON 0.01 #0"]);
    const again = [2, 6, 14, 30].map((second) => `${String(second)} send CON 0.01 #0`);
    assert.deepEqual(probe.until(100_000), [...again, "62 failed a not-acknowledged"]);
    assert.equal(new Set(probe.sent.map((bytes) => bytes.join())).size, 1, "each copy is the same");
    assert.ok(probe.layer.isIdle);
  });

  test("waits up to ACK_RANDOM_FACTOR times as long, MAX_TRANSMIT_WAIT in all (RFC 7252 section 4.8.2)", () => {
    const { probe } = asking({ random: () => 2 ** 32 - 1 });
    const lines = probe.until(100_000);
    assert.deepEqual(
      lines.map((line) => Math.round(Number.parseFloat(line))),
      [3, 9, 21, 45, 93],
    );
  });

  test("is repeated as often and as fast as the parameters say", () => {
    const { probe } = asking({ transmission: { ackTimeoutMilliseconds: 100, maxRetransmit: 1 } });
    assert.deepEqual(probe.until(10_000), ["0.1 send CON 0.01 #0", "0.3 failed a not-acknowledged"]);
  });

  test("is not answered by who guesses the part of its token that is a count (RFC 7252 section 5.3.1)", () => {
    const { probe, exchange } = asking();
    const token = exchange.token.with(7, (exchange.token[7] ?? 0) ^ 1);
    const guess: Partial<CoapMessage> = { type: "non-confirmable", code: "2.05", messageId: 50, token };
    assert.deepEqual(probe.receive(guess), ["send RST 0.00 #50"]);
    assert.deepEqual(probe.receive({ ...guess, token: exchange.token, messageId: 51 }), ["response a 2.05"]);
  });

  test("is answered by its acknowledgement (RFC 7252 section 5.2.1)", () => {
    const { probe, exchange } = asking();
    const answer: Partial<CoapMessage> = { type: "acknowledgement", code: "2.05", messageId: 0, token: exchange.token };
    assert.deepEqual(probe.receive(answer), ["response a 2.05"]);
    assert.deepEqual(probe.receive(answer), [], "a copy says nothing new");
    assert.deepEqual(probe.until(200_000), []);
  });

  const unfit: readonly (readonly [string, (token: Uint8Array) => Partial<CoapMessage>])[] = [
    ["message ID", (token) => ({ type: "acknowledgement", code: "2.05", messageId: 1, token })],
    ["token", () => ({ type: "acknowledgement", code: "2.05", messageId: 0 })],
    [
      "token that is longer",
      (token) => ({ type: "acknowledgement", code: "2.05", messageId: 0, token: token.slice(1) }),
    ],
  ];
  for (const [what, message] of unfit) {
    test(`is not answered by an acknowledgement with another ${what} (RFC 7252 section 5.3.2)`, () => {
      const { probe, exchange } = asking();
      assert.deepEqual(probe.receive(message(exchange.token)), []);
      assert.deepEqual(probe.until(2_000), ["2 send CON 0.01 #0"]);
    });
  }

  test("is not repeated when it was acknowledged, and answered by a message of its own (RFC 7252 section 5.2.2)", () => {
    const { probe, exchange } = asking();
    const empty: Partial<CoapMessage> = {
      type: "acknowledgement",
      code: "0.00",
      messageId: 0,
      token: new Uint8Array(0),
    };
    assert.deepEqual(probe.receive(empty), ["acknowledged a"]);
    assert.deepEqual(probe.until(60_000), []);
    const answer: Partial<CoapMessage> = { type: "confirmable", code: "2.05", messageId: 50, token: exchange.token };
    assert.deepEqual(probe.receive(answer), ["send ACK 0.00 #50", "response a 2.05"]);
    assert.deepEqual(probe.tell(probe.layer.release(exchange, probe.now)), []);
    assert.deepEqual(probe.receive(answer), ["send ACK 0.00 #50"], "a copy is acknowledged, though nobody waits");
    probe.now += 247_000;
    assert.deepEqual(probe.receive(answer), ["send RST 0.00 #50"], "and rejected when it is no copy any more");
  });

  test("is acknowledged by its answer, if that comes first (RFC 7252 section 5.2.2)", () => {
    const { probe, exchange } = asking();
    const answer: Partial<CoapMessage> = {
      type: "non-confirmable",
      code: "2.05",
      messageId: 50,
      token: exchange.token,
    };
    assert.deepEqual(probe.receive(answer), ["response a 2.05"]);
    assert.deepEqual(probe.receive(answer), [], "a copy");
    assert.deepEqual(probe.until(200_000), []);
  });

  test("fails when its answer does not come", () => {
    const { probe } = asking({ transmission: { responseTimeoutMilliseconds: 5_000 } });
    probe.until(1_000);
    probe.receive({ type: "acknowledgement", code: "0.00", messageId: 0, token: new Uint8Array(0) });
    assert.deepEqual(probe.until(100_000), ["6 failed a not-answered"]);
  });

  test("fails when it is rejected (RFC 7252 section 4.2)", () => {
    const { probe } = asking();
    assert.deepEqual(probe.receive({ type: "reset", code: "0.00", messageId: 0, token: new Uint8Array(0) }), [
      "failed a reset",
    ]);
    assert.ok(probe.layer.isIdle);
  });

  test("is given up sooner when the network says twice that it does not arrive, and only at the end of a wait", () => {
    const { probe } = asking();
    for (let times = 0; times < 5; times += 1) probe.layer.unreachable();
    assert.deepEqual(probe.until(2_000), ["2 send CON 0.01 #0"]);
    probe.layer.unreachable();
    assert.deepEqual(probe.until(5_999), []);
    assert.deepEqual(probe.until(6_000), ["6 failed a unreachable"]);
  });

  test("is not repeated when nobody waits any more; its answer is rejected (RFC 7252 section 4.2)", () => {
    const { probe, exchange } = asking();
    assert.deepEqual(probe.tell(probe.layer.release(exchange, 0)), []);
    assert.deepEqual(probe.until(100_000), []);
    const answer: Partial<CoapMessage> = { type: "confirmable", code: "2.05", messageId: 9, token: exchange.token };
    assert.deepEqual(probe.receive(answer), ["send RST 0.00 #9"]);
    assert.ok(probe.layer.isIdle);
  });

  test("fails when it does not fit into a datagram", () => {
    const { lines } = asking({ maxMessageBytes: 11 });
    assert.deepEqual(lines, ["failed a too-large"]);
  });
});

describe("a non-confirmable request", () => {
  test("is sent once, and waits for its answer (RFC 7252 section 4.3)", () => {
    const { probe, lines } = asking({}, "non-confirmable");
    assert.deepEqual(lines, ["send NON 0.01 #0"]);
    assert.deepEqual(probe.until(200_000), ["93 failed a not-answered"]);
  });

  test("is answered, and fails when it is rejected", () => {
    const { probe, exchange } = asking({}, "non-confirmable");
    const answer: Partial<CoapMessage> = { type: "non-confirmable", code: "2.05", messageId: 5, token: exchange.token };
    assert.deepEqual(probe.receive(answer), ["response a 2.05"]);
    const other = asking({}, "non-confirmable");
    assert.deepEqual(other.probe.receive({ type: "reset", code: "0.00", messageId: 0, token: new Uint8Array(0) }), [
      "failed a reset",
    ]);
  });

  test("is not acknowledged by anything (RFC 7252 section 4.3)", () => {
    const { probe, exchange } = asking({}, "non-confirmable");
    const answer: Partial<CoapMessage> = { type: "acknowledgement", code: "2.05", messageId: 0, token: exchange.token };
    assert.deepEqual(probe.receive(answer), []);
  });

  test("is followed by the next of its kind at PROBING_RATE while the peer is silent (RFC 7252 section 4.7)", () => {
    const { probe } = asking({ transmission: { probingRateBytesPerSecond: 2 } }, "non-confirmable");
    const next = probe.layer.open("b");
    assert.deepEqual(probe.tell(probe.layer.request(next, get, "non-confirmable", 0)), []);
    assert.deepEqual(probe.until(60_000), ["6 send NON 0.01 #1"], "12 bytes at 2 a second");
  });

  test("is followed by the next at once when the peer has answered", () => {
    const { probe, exchange } = asking({}, "non-confirmable");
    const next = probe.layer.open("b");
    probe.layer.request(next, get, "non-confirmable", 0);
    const answer: Partial<CoapMessage> = { type: "non-confirmable", code: "2.05", messageId: 5, token: exchange.token };
    assert.deepEqual(probe.receive(answer), ["response a 2.05", "send NON 0.01 #1"]);
  });

  test("keeps a confirmable one from its turn no longer than one wait", () => {
    const { probe } = asking({}, "non-confirmable");
    const next = probe.layer.open("b");
    assert.deepEqual(probe.tell(probe.layer.request(next, get, "confirmable", 0)), []);
    assert.deepEqual(probe.until(2_000), ["2 send CON 0.01 #1"]);
  });
});

describe("requests to one peer", () => {
  test("are under way NSTART at once, the others in line (RFC 7252 section 4.7)", () => {
    const probe = new LayerProbe({ transmission: { nstart: 2 } });
    const exchanges = ["a", "b", "c", "d"].map((name) => probe.layer.open(name));
    const lines = exchanges.map((exchange) => probe.tell(probe.layer.request(exchange, get, "confirmable", 0)));
    assert.deepEqual(lines.flat(), ["send CON 0.01 #0", "send CON 0.01 #1"]);
    const empty: Partial<CoapMessage> = { type: "acknowledgement", code: "0.00", token: new Uint8Array(0) };
    assert.deepEqual(probe.receive({ ...empty, messageId: 1 }), ["acknowledged b", "send CON 0.01 #2"]);
    const [first] = exchanges;
    assert.ok(first);
    assert.deepEqual(
      probe.tell(probe.layer.release(first, 0)),
      [],
      "what was sent keeps its place to the end of its wait",
    );
    assert.deepEqual(probe.until(2_000), ["2 send CON 0.01 #2", "2 send CON 0.01 #3"]);
  });

  test("do not wait when they were given up in line", () => {
    const { probe } = asking();
    const second = probe.layer.open("b");
    const third = probe.layer.open("c");
    probe.layer.request(second, get, "confirmable", 0);
    probe.layer.request(third, get, "confirmable", 0);
    probe.layer.release(second, 0);
    const empty: Partial<CoapMessage> = {
      type: "acknowledgement",
      code: "0.00",
      messageId: 0,
      token: new Uint8Array(0),
    };
    assert.deepEqual(probe.receive(empty), ["acknowledged a", "send CON 0.01 #1"]);
    assert.equal(probe.sent.at(-1)?.[6], 2, "the third's token");
  });

  test("fail beyond the limit of those that may wait", () => {
    const { probe } = asking({ limits: { queuedMessages: 1 } });
    const lines = ["b", "c"].map((name) =>
      probe.tell(probe.layer.request(probe.layer.open(name), get, "confirmable", 0)),
    );
    assert.deepEqual(lines, [[], ["failed c queue-full"]]);
  });

  test("have tokens and message IDs of their own (RFC 7252 sections 4.4 and 5.3.1)", () => {
    let state = 1;
    const random = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state;
    };
    const probe = new LayerProbe({ transmission: { nstart: 1_000 }, random });
    const exchanges = Array.from({ length: 1_000 }, (_, index) => probe.layer.open(String(index)));
    for (const exchange of exchanges) probe.tell(probe.layer.request(exchange, get, "confirmable", 0));
    assert.equal(new Set(exchanges.map(({ token }) => token.join())).size, 1_000);
    assert.equal(new Set(exchanges.map(({ token }) => token.slice(3).join())).size, 1_000, "the part that is random");
    assert.equal(new Set(probe.sent.map((bytes) => bytes.subarray(2, 4).join())).size, 1_000);
  });

  test("wait when all message IDs were used within EXCHANGE_LIFETIME (RFC 7252 section 4.4)", () => {
    const probe = new LayerProbe();
    for (let count = 0; count < 65_536; count += 1) {
      const exchange = probe.layer.open("a");
      probe.tell(probe.layer.request(exchange, get, "confirmable", 0));
      probe.layer.receive(Uint8Array.of(0x70, 0, count >> 8, count & 255), 0);
    }
    probe.sent.length = 0;
    const exchange = probe.layer.open("b");
    assert.deepEqual(probe.tell(probe.layer.request(exchange, get, "confirmable", 0)), []);
    assert.deepEqual(probe.until(247_000), ["247 send CON 0.01 #0"]);
  });
});

describe("a ping", () => {
  test("is an empty message, answered by a reset (RFC 7252 section 4.3)", () => {
    const probe = new LayerProbe();
    assert.deepEqual(probe.tell(probe.layer.ping("p", 0)), ["send CON 0.00 #0"]);
    assert.deepEqual(probe.receive(Uint8Array.of(0x70, 0, 0, 0)), ["sent p"]);
  });

  test("fails when nobody is there", () => {
    const probe = new LayerProbe();
    probe.layer.ping("p", 0);
    assert.deepEqual(probe.until(62_000).at(-1), "62 not-sent p not-acknowledged");
  });
});

describe("an exchange that goes on", () => {
  test("takes what follows the first answer, and asks again by the same token (RFC 7641 section 3.3.1)", () => {
    const { probe, exchange } = asking();
    const { token } = exchange;
    probe.receive({ type: "acknowledgement", code: "2.05", messageId: 0, token });
    const notification: Partial<CoapMessage> = { type: "confirmable", code: "2.05", token };
    assert.deepEqual(probe.receive({ ...notification, messageId: 8 }), ["send ACK 0.00 #8", "response a 2.05"]);
    assert.deepEqual(probe.until(300_000), [], "the next may come whenever it comes");
    const again = probe.tell(probe.layer.request(exchange, get, "confirmable", probe.now));
    assert.deepEqual(again, ["send CON 0.01 #1"]);
    assert.deepEqual(probe.receive({ ...notification, messageId: 9 }), ["send ACK 0.00 #9", "response a 2.05"]);
  });

  test("ends with the path, and all that is under way", () => {
    const { probe } = asking();
    probe.layer.request(probe.layer.open("b"), get, "confirmable", 0);
    probe.layer.open("c");
    probe.layer.ping("p", 0);
    assert.deepEqual(probe.tell(probe.layer.close("closed")), [
      "failed a closed",
      "failed b closed",
      "not-sent p closed",
      "failed c closed",
    ]);
    assert.equal(probe.layer.wakeAt, Number.POSITIVE_INFINITY);
  });
});

describe("blocks of a body that go by one token", () => {
  const block = (number: number): readonly CoapOption[] => [
    writeOption("block1", blockUint({ number, more: true, sizeBytes: 16 })),
  ];
  const put = (number: number): MessageContent => ({ ...get, code: "0.03", options: block(number) });

  test("have their own answers: one to an earlier block is acknowledged, and no more", () => {
    const probe = new LayerProbe();
    const exchange = probe.layer.open("a");
    const { token } = exchange;
    probe.tell(probe.layer.request(exchange, put(0), "confirmable", 0));
    const first: Partial<CoapMessage> = { type: "acknowledgement", code: "2.31", messageId: 0, token };
    assert.deepEqual(probe.receive({ ...first, options: block(0) }), ["response a 2.31"]);
    probe.tell(probe.layer.request(exchange, put(1), "confirmable", 0));
    const late: Partial<CoapMessage> = { code: "2.31", messageId: 40, token, options: block(0) };
    assert.deepEqual(probe.receive(late), ["send ACK 0.00 #40"]);
    assert.deepEqual(probe.receive({ ...late, type: "non-confirmable", messageId: 41 }), []);
    assert.deepEqual(probe.until(2_000), ["2 send CON 0.03 #1"], "it is still not acknowledged");
    const next: Partial<CoapMessage> = { code: "2.31", messageId: 42, token, options: block(1) };
    assert.deepEqual(probe.receive(next), ["send ACK 0.00 #42", "response a 2.31"]);
    assert.deepEqual(probe.until(100_000), []);
  });

  const taken: readonly (readonly [what: string, message: Partial<CoapMessage>])[] = [
    ["a failure, which ends the transfer whatever its block", { code: "4.08", options: block(0) }],
    ["an answer that names no block", { code: "2.04", options: [] }],
  ];
  for (const [what, message] of taken) {
    test(`are answered by ${what}`, () => {
      const probe = new LayerProbe();
      const exchange = probe.layer.open("a");
      probe.tell(probe.layer.request(exchange, put(1), "confirmable", 0));
      const lines = probe.receive({ ...message, type: "non-confirmable", token: exchange.token });
      assert.deepEqual(lines, [`response a ${String(message.code)}`]);
    });
  }
});
