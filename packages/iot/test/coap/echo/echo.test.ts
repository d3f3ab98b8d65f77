import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { manualClock } from "@fairlead/conformance/dtls";
import {
  channelRequester,
  type CoapAnswer,
  type CoapContext,
  type CoapHandler,
  type CoapRequest,
  echoTickets,
  observable,
  requireEcho,
  type RequireEchoOptions,
  serveChannel,
  withEcho,
} from "@fairlead/iot/coap";
import { readOption, writeOption } from "@fairlead/iot/coap/protocol";
import fc from "fast-check";
import { channelPair } from "../channel-pair.ts";
import { contextOf } from "../context.ts";

const get: CoapRequest = { code: "0.01", options: [writeOption("uriPath", "image")], payload: new Uint8Array(0) };
const large: CoapAnswer = { code: "2.05", options: [], payload: new Uint8Array(1_000) };

describe("a value of Echo", () => {
  test("is good for the peer that got it, for a while, and for no other key", () => {
    const clock = manualClock();
    const tickets = echoTickets(() => clock.now(), new Uint8Array(32));
    const value = tickets.give("one");
    assert.equal(value.length, 11);
    assert.equal(tickets.isFresh(value, "one", 60), true);
    assert.equal(tickets.isFresh(value, "two", 60), false);
    assert.equal(echoTickets(() => 0).isFresh(value, "one", 60), false);
    clock.advance(60_999);
    assert.equal(tickets.isFresh(value, "one", 60), true);
    clock.advance(1);
    assert.equal(tickets.isFresh(value, "one", 60), false);
  });

  test("is not made up, nor changed (property)", () => {
    const tickets = echoTickets(() => 0);
    const given = tickets.give("one");
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.nat(10),
        fc.integer({ min: 1, max: 255 }),
        (value, at, change) => {
          assert.equal(tickets.isFresh(value, "one", 60), false);
          const changed = given.map((byte, index) => (index === at ? byte ^ change : byte));
          assert.equal(tickets.isFresh(changed, "one", 60), false);
        },
      ),
    );
  });
});

describe("a server that requires Echo", () => {
  test("gives a stranger three times what it sent at most, and the whole when it comes back (RFC 9175 section 2.4)", async () => {
    const { serve, handled } = served();
    const challenge = await serve(get);
    assert.deepEqual([challenge?.code, challenge?.payload.length], ["4.01", 0]);
    assert.equal((await serve(returning(get, challenge)))?.payload.length, 1_000);
    assert.deepEqual(
      handled.map(({ options }) => readOption({ options }, "echo")),
      [undefined, undefined],
      "the handler sees nothing of it",
    );
  });

  test("gives a small answer at once", async () => {
    const bytes = 4 + 1 + "image".length;
    for (const [length, code] of [
      [3 * bytes - 5, "2.05"],
      [3 * bytes - 4, "4.01"],
    ] as const) {
      const { serve } = served({}, () => ({ ...large, payload: new Uint8Array(length) }));
      assert.equal((await serve(get))?.code, code);
    }
  });

  test("knows who came back for five minutes, which nobody can prolong in its name", async () => {
    const { serve, clock } = served();
    await serve(returning(get, await serve(get)));
    for (let minute = 0; minute < 4; minute += 1) {
      clock.advance(60_000);
      assert.equal((await serve(get))?.code, "2.05");
    }
    clock.advance(60_000);
    assert.equal((await serve(get))?.code, "4.01");
  });

  test("knows as many as the limit allows", async () => {
    const { serve } = served({ maxKnownPeers: 2 });
    for (const peer of ["one", "two", "three"]) await serve(returning(get, await serve(get, { peer })), { peer });
    const codes = [];
    for (const peer of ["one", "two", "three"]) codes.push((await serve(get, { peer }))?.code);
    assert.deepEqual(codes, ["4.01", "2.05", "2.05"]);
  });

  test("takes nobody's value for another's, and none that is old", async () => {
    const { serve, clock } = served();
    const one = returning(get, await serve(get, { peer: "one" }));
    assert.equal((await serve(one, { peer: "two" }))?.code, "4.01");
    assert.equal((await serve(one, { peer: "one", scheme: "coap+tcp" }))?.code, "4.01");
    clock.advance(61_000);
    assert.equal((await serve(one, { peer: "one" }))?.code, "4.01");
  });

  test("asks nothing of who is where it says, and nobody when it is told so", async () => {
    assert.equal((await served().serve(get, { isReachable: true }))?.code, "2.05");
    assert.equal((await served({ amplification: Number.POSITIVE_INFINITY }).serve(get))?.code, "2.05");
    const four = served({ amplification: 200 });
    assert.equal((await four.serve(get))?.code, "2.05");
  });

  test("does nothing twice: the large answer to a change is sent without payload", async () => {
    const { serve, handled } = served();
    assert.deepEqual(await serve({ ...get, code: "0.02" }), { ...large, payload: new Uint8Array(0) });
    assert.equal(handled.length, 1);
  });

  test("lets no stranger observe, and forgets who tried", async () => {
    const resource = observable(() => ({ ...large, payload: new Uint8Array(1) }));
    const { serve } = served({}, resource.handler);
    const observing = { ...get, options: [writeOption("observe", 0), ...get.options] };
    const challenge = await serve(observing);
    assert.deepEqual([challenge?.code, resource.observers], ["4.01", 0]);
    assert.ok((await serve(returning(observing, challenge)))?.updates);
    assert.equal(resource.observers, 1);
  });

  test("handles what has to be fresh with a fresh value only, whoever asks", async () => {
    const { serve, handled, clock } = served({ mustBeFresh: ({ code }) => code === "0.02" });
    const open = { ...get, code: "0.02" } as const;
    const known = { isReachable: true };
    const challenge = await serve(open, known);
    assert.deepEqual([challenge?.code, handled.length], ["4.01", 0]);
    assert.equal((await serve(returning(open, challenge), known))?.code, "2.05");
    clock.advance(61_000);
    assert.equal((await serve(returning(open, challenge), known))?.code, "4.01");
    assert.equal(handled.length, 1);
  });

  test("is satisfied by a client that repeats its value, once (RFC 9175 section 2.3)", async () => {
    const { client, server } = channelPair();
    serveChannel(
      server,
      requireEcho()(() => large),
    );
    let asked = 0;
    const ask = withEcho((request, call) => {
      asked += 1;
      return channelRequester(client)(request, call);
    });
    assert.equal((await ask(get)).payload.length, 1_000);
    assert.equal(asked, 2);
    const never = withEcho(() => {
      asked += 1;
      return Promise.resolve({ ...large, code: "4.01", options: [writeOption("echo", Uint8Array.of(asked))] });
    });
    assert.equal((await never(get)).code, "4.01");
    assert.equal(asked, 4);
  });
});

function served(options: RequireEchoOptions = {}, handler: CoapHandler = () => large) {
  const clock = manualClock();
  const handled: CoapRequest[] = [];
  const guarded = requireEcho({ clock, ...options })((request, context) => {
    handled.push(request);
    return handler(request, context);
  });
  const serve = async (request: CoapRequest, context: Partial<CoapContext> = {}): Promise<CoapAnswer | undefined> =>
    guarded(request, contextOf(context));
  return { clock, handled, serve };
}

function returning(request: CoapRequest, challenge: CoapAnswer | undefined): CoapRequest {
  const value = challenge && readOption(challenge, "echo");
  assert.ok(value);
  return { ...request, options: [...request.options, writeOption("echo", value)] };
}
