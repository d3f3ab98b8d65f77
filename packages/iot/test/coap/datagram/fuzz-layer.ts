import assert from "node:assert/strict";
import { MemoryBudget, type MessageContent } from "../../../src/coap/protocol/delivery/index.ts";
import { LayerProbe } from "../protocol/delivery/layer-probe.ts";

/** Messages to begin with, as hexadecimal; most are those of RFC 7252 appendix A. */
const corpus = [
  "40010000", // GET, of the smallest size
  "44017d34000000012b74656d7065726174757265", // GET /temperature with a token
  "6445000000000001ff32322e332043", // an acknowledgement that answers
  "5445000100000000ff32322e332043", // an answer of its own
  "60000000",
  "70000000",
  "40000007", // a ping
  "4201000901026045", // an observation
  "4202000a0102b474657374d1060e61ffabcd", // POST with a block
  "5101000b05", // to a group
  "4d010004000102030405060708090a0b0c", // an extended token
];

const content: MessageContent = { code: "2.05", options: [], payload: Uint8Array.of(1) };

/**
 * Gives one message layer a few hundred datagrams, most of them mutated messages, while time passes, requests are answered
 * and others are asked. Throws if the layer does, or keeps more than it may.
 */
export function fuzzLayer(seed: number): void {
  let state = (seed * 2_654_435_761) >>> 0;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
  const pick = (count: number): number => Math.floor((random() / 2 ** 32) * count);
  const budget = new MemoryBudget(4_096);
  const limits = { requests: 8, queuedMessages: 8, rememberedBytes: 4_096 };
  const probe = new LayerProbe({ budget, limits, random, transmission: { nstart: 1 + pick(4) } });
  const { layer } = probe;
  for (let step = 0; step < 300; step += 1) {
    const delivery = pick(2) === 0 ? "confirmable" : "non-confirmable";
    switch (pick(8)) {
      case 0:
        probe.tell(layer.request(layer.open("a"), { ...content, code: "0.01" }, delivery, probe.now));
        break;
      case 1: {
        const [received] = probe.requests.splice(pick(probe.requests.length), 1);
        const response = pick(4) === 0 ? undefined : content;
        if (received) probe.tell(layer.respond(received, response, delivery, "s", probe.now));
        break;
      }
      case 2:
        probe.until(probe.now + 2 ** pick(18));
        break;
      case 3:
        layer.unreachable();
        break;
      case 4: {
        // What it sent comes back, as from a peer that mirrors.
        const bytes = probe.sent[pick(probe.sent.length)];
        if (bytes) probe.receive(mutate(bytes, pick), pick(8) === 0);
        break;
      }
      default: {
        const bytes = Uint8Array.from(Buffer.from(corpus[pick(corpus.length)] ?? "", "hex"));
        probe.receive(mutate(bytes, pick), pick(8) === 0);
      }
    }
    probe.requests.splice(0, Math.max(0, probe.requests.length - 16));
    assert.ok(budget.usedBytes <= budget.limitBytes, "more is remembered than may be");
  }
  probe.tell(layer.close("closed"));
  assert.equal(budget.usedBytes, 0, "something is remembered of a path that is closed");
  assert.ok(layer.isIdle, "something is under way on a path that is closed");
}

/** Changes, cuts or lengthens it, or leaves it as it is. */
function mutate(bytes: Uint8Array, pick: (count: number) => number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  for (let times = pick(4); times > 0; times -= 1) changed[pick(changed.length)] = pick(256);
  switch (pick(4)) {
    case 0:
      return changed.subarray(0, pick(changed.length + 1));
    case 1:
      return Uint8Array.from([...changed, ...Array.from({ length: pick(20) }, () => pick(256))]);
    default:
      return changed;
  }
}
