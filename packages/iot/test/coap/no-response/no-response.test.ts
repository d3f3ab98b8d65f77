import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { manualClock } from "@fairlead/conformance/dtls";
import { channelRequester, type CoapRequest, heedNoResponse, serveChannel, tell } from "@fairlead/iot/coap";
import { type CoapCode, readOption, writeOption } from "@fairlead/iot/coap/protocol";
import { channelPair } from "../channel-pair.ts";
import { contextOf } from "../context.ts";

const put: CoapRequest = { code: "0.03", options: [], payload: Uint8Array.of(1) };

describe("No-Response (RFC 7967 section 2.1)", () => {
  const cases: readonly (readonly [unwanted: number, said: readonly CoapCode[]])[] = [
    [0, ["2.04", "4.04", "5.00"]],
    [2, ["4.04", "5.00"]],
    [8, ["2.04", "5.00"]],
    [16, ["2.04", "4.04"]],
    [24, ["2.04"]],
    [26, []],
  ];
  for (const [unwanted, said] of cases) {
    test(`of ${unwanted} leaves ${said.join(", ") || "nothing"} to be said`, async () => {
      const heard: CoapCode[] = [];
      for (const code of ["2.04", "4.04", "5.00"] as const) {
        const serve = heedNoResponse((request) => {
          assert.equal(readOption(request, "noResponse"), undefined);
          return { code, options: [], payload: new Uint8Array(0) };
        });
        const answer = await serve({ ...put, options: [writeOption("noResponse", unwanted)] }, contextOf());
        if (answer !== undefined) heard.push(answer.code);
      }
      assert.deepEqual(heard, said);
    });
  }

  test("lets a client tell without being answered, but for what it wants to hear", async () => {
    let code: CoapCode = "2.04";
    const { client, server } = channelPair();
    const handled: unknown[] = [];
    serveChannel(
      server,
      heedNoResponse((_request, { delivery }) => {
        handled.push(delivery);
        return { code, options: [], payload: new Uint8Array(0) };
      }),
    );
    const clock = manualClock();
    const ask = channelRequester(client);
    const silent = tell(ask, put, { clock, unwanted: ["success"] });
    clock.advance(2_000);
    assert.equal(await silent, undefined);
    code = "4.04";
    assert.equal((await tell(ask, put, { clock, unwanted: ["success"] }))?.code, "4.04");
    assert.equal(clock.waiting, 0);
    assert.deepEqual(handled, ["non-confirmable", "non-confirmable"]);
    const leaving = new AbortController();
    const left = tell(ask, put, { clock, signal: leaving.signal });
    leaving.abort(new Error("enough"));
    await assert.rejects(left, /enough/);
  });
});
