import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { manualClock } from "@fairlead/conformance/dtls";
import { type CoapRequest, type CoapRequester, type CoapResponse, withPatience } from "@fairlead/iot/coap";
import { type CoapCode, writeOption } from "@fairlead/iot/coap/protocol";

const get: CoapRequest = { code: "0.01", options: [writeOption("uriPath", "a")], payload: new Uint8Array(0) };

describe("a client that is patient (RFC 8516)", () => {
  test("asks again when Max-Age has passed, and nobody asks for the same before", async () => {
    const { ask, clock, asked } = answering(["4.29", 30], ["2.05", 0], ["2.05", 0]);
    const first = ask(get);
    await settled();
    const second = ask(get);
    await settled();
    clock.advance(29_999);
    await settled();
    assert.equal(asked.length, 1);
    clock.advance(1);
    assert.deepEqual([(await first).code, (await second).code, asked.length], ["2.05", "2.05", 3]);
  });

  test("asks for something else meanwhile", async () => {
    const { ask, clock } = answering(["4.29", 30], ["2.05", 0], ["2.05", 0]);
    const waiting = ask(get);
    await settled();
    assert.equal((await ask({ ...get, options: [writeOption("uriPath", "b")] })).code, "2.05");
    clock.advance(30_000);
    assert.equal((await waiting).code, "2.05");
  });

  test("gives the answer to its caller when the wait is too long, or was in vain too often", async () => {
    const long = answering(["4.29", 61]);
    assert.equal((await long.ask(get)).code, "4.29");
    const vain = answering(...Array.from({ length: 9 }, () => ["4.29", 1] as const));
    const answer = vain.ask(get);
    for (let turn = 0; turn < 5; turn += 1) {
      await settled();
      vain.clock.advance(1_000);
    }
    assert.equal((await answer).code, "4.29");
    assert.equal(vain.asked.length, 4);
  });

  test("stops waiting with the signal, and leaves no timer", async () => {
    const { ask, clock } = answering(["4.29", 30]);
    const leaving = new AbortController();
    const answer = ask(get, { signal: leaving.signal });
    await settled();
    assert.equal(clock.waiting, 1);
    leaving.abort(new Error("enough"));
    await assert.rejects(answer, /enough/);
    assert.equal(clock.waiting, 0);
  });
});

function answering(...answers: readonly (readonly [code: CoapCode, maxAge: number])[]) {
  const clock = manualClock();
  const asked: CoapRequest[] = [];
  const below: CoapRequester = (request) => {
    const [code, maxAge] = answers[asked.push(request) - 1] ?? ["5.00", 0];
    const response: CoapResponse = { code, options: [writeOption("maxAge", maxAge)], payload: new Uint8Array(0) };
    return Promise.resolve(response);
  };
  return { ask: withPatience({ clock })(below), clock, asked };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
