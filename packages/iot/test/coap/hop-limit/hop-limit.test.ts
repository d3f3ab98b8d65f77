import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type CoapHandler, limitHops } from "@fairlead/iot/coap";
import { decreaseHopLimit, readOption, writeOption, writeUint } from "@fairlead/iot/coap/protocol";
import { contextOf } from "../context.ts";

describe("Hop-Limit (RFC 8768 section 3)", () => {
  const cases: readonly (readonly [hops: number | undefined, outcome: number | string])[] = [
    [undefined, 16],
    [255, 254],
    [2, 1],
    [1, "5.08"],
    [0, "4.00"],
    [256, "4.00"],
  ];
  for (const [hops, outcome] of cases) {
    test(`of ${hops ?? "nothing"} becomes ${outcome}`, () => {
      const options = hops === undefined ? [] : [{ number: 16, value: writeUint(hops) }];
      const decision = decreaseHopLimit(options);
      assert.equal(decision.type === "forward" ? readOption(decision, "hopLimit") : decision.code, outcome);
    });
  }

  test("that is there twice cannot be", () => {
    const option = writeOption("hopLimit", 5);
    assert.deepEqual(decreaseHopLimit([option, option]), { type: "refuse", code: "4.00" });
  });

  test("ends a circle of proxies, and tells the way back", async () => {
    let forwarded = 0;
    const circle: CoapHandler = (request, context) => {
      forwarded += 1;
      return proxy(request, context);
    };
    const proxy = limitHops("p", 4)(circle);
    const answer = await proxy({ code: "0.01", options: [], payload: new Uint8Array(0) }, contextOf());
    assert.deepEqual([answer?.code, new TextDecoder().decode(answer?.payload), forwarded], ["5.08", "p p p p p", 4]);
  });
});
