import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { manualClock } from "@fairlead/conformance/dtls";
import { ProtocolError, TransportError } from "@fairlead/core";
import {
  channelRequester,
  type CoapAnswer,
  type CoapCall,
  CoapObservationEnded,
  type CoapRequest,
  type CoapRequester,
  type CoapResponse,
  observable,
  observe,
  type ObserveOptions,
  serveBlocks,
  serveChannel,
  withBlocks,
} from "@fairlead/iot/coap";
import { type CoapCode, readOption, writeOption } from "@fairlead/iot/coap/protocol";
import { channelPair } from "../channel-pair.ts";
import { contextOf } from "../context.ts";

const get = { code: "0.01", options: [writeOption("uriPath", "state")], payload: new Uint8Array(0) } as const;

describe("observing", () => {
  test("gives the state and what follows, newest only, and none twice (RFC 7641 section 3.4)", async () => {
    const peer = scripted();
    const states = observe(peer.requester, get, peer.options)[Symbol.asyncIterator]();
    const first = states.next();
    peer.answer(notification(5, "5"));
    assert.equal(await text(first), "5");
    for (const sequence of [7, 6, 7, 9, 8]) peer.notify(notification(sequence, String(sequence)));
    assert.equal(await text(states.next()), "9", "who reads slowly gets the latest");
    peer.notify(notification(1, "again from 1"));
    peer.clock.advance(50_000);
    peer.notify(notification(10, "10"));
    assert.equal(await text(states.next()), "10");
    await states.return?.();
  });

  test("registers again when Max-Age has passed without news, by the same token (RFC 7641 section 3.3.1)", async () => {
    const peer = scripted();
    const states = observe(peer.requester, get, peer.options)[Symbol.asyncIterator]();
    peer.answer(notification(1, "a", writeOption("maxAge", 30), writeOption("eTag", Uint8Array.of(1))));
    assert.equal(await text(states.next()), "a");
    peer.clock.advance(39_999);
    assert.equal(peer.asked.length, 1);
    peer.clock.advance(1);
    assert.equal(peer.asked.length, 2, "behind 30 seconds, and 5 to 15 at random");
    assert.equal(peer.asked[0]?.call.observation, peer.asked[1]?.call.observation);
    assert.deepEqual(peer.asked[1] && readOption(peer.asked[1].request, "eTag"), Uint8Array.of(1));
    peer.answer({ ...notification(2, ""), code: "2.03" });
    const next = states.next();
    await settled();
    peer.notify(notification(3, "b"));
    assert.equal(await text(next), "b", "2.03 says that the state is the same");
    await states.return?.();
  });

  test("asks anew for each Max-Age where the server does not let itself be observed", async () => {
    const peer = scripted();
    const states = observe(peer.requester, get, peer.options)[Symbol.asyncIterator]();
    peer.answer(content("a"));
    assert.equal(await text(states.next()), "a");
    peer.clock.advance(70_000);
    peer.answer(content("b"));
    assert.equal(await text(states.next()), "b");
    await states.return?.();
    assert.equal(peer.asked.length, 2, "there is nothing to deregister");
  });

  test("takes the answer to a registration as news, though a server that was started anew counts from 1", async () => {
    const peer = scripted();
    const states = observe(peer.requester, get, peer.options)[Symbol.asyncIterator]();
    peer.answer(notification(1_000, "old"));
    await states.next();
    peer.clock.advance(70_000);
    peer.answer(notification(1, "new"));
    assert.equal(await text(states.next()), "new");
    await states.return?.();
  });

  test("tells the server when it is left, by the same token (RFC 7641 section 3.6)", async () => {
    const peer = scripted();
    const states = observe(peer.requester, get, peer.options)[Symbol.asyncIterator]();
    peer.answer(notification(1, "a"));
    await states.next();
    await states.return?.();
    assert.deepEqual(
      peer.asked.map(({ request }) => readOption(request, "observe")),
      [0, 1],
    );
    assert.equal(peer.asked[0]?.call.observation, peer.asked[1]?.call.observation);
    assert.equal(peer.asked[1]?.call.observer, undefined);
    peer.clock.advance(10_000);
    assert.equal(peer.asked[1]?.call.signal?.aborted, true, "and does not wait for ever");
    assert.equal(peer.clock.waiting, 0);
  });

  test("ends with the signal's reason, and leaves no timer", async () => {
    const peer = scripted();
    const leaving = new AbortController();
    const states = observe(peer.requester, get, { ...peer.options, signal: leaving.signal })[Symbol.asyncIterator]();
    peer.answer(notification(1, "a"));
    await states.next();
    const next = states.next();
    leaving.abort(new Error("enough"));
    await assert.rejects(next, /enough/);
    assert.equal((await states.next()).done, true);
    peer.answer(content("bye"));
    await settled();
    assert.equal(peer.clock.waiting, 0);
  });

  test("is given up before it is answered, by its signal", async () => {
    const peer = scripted();
    const leaving = new AbortController();
    const states = observe(peer.requester, get, { ...peer.options, signal: leaving.signal })[Symbol.asyncIterator]();
    leaving.abort(new Error("enough"));
    await assert.rejects(states.next(), /enough/);
    assert.equal(peer.asked[0]?.call.signal?.aborted, true);
    assert.equal(peer.asked.length, 1);
    await assert.rejects(
      observe(peer.requester, get, { signal: leaving.signal })[Symbol.asyncIterator]().next(),
      /enough/,
    );
    assert.equal(peer.asked.length, 1);
  });

  for (const code of ["4.04", "5.03"] satisfies CoapCode[]) {
    test(`ends when the server says ${code}, behind the last state (RFC 7641 section 4.2)`, async () => {
      const peer = scripted();
      const states = observe(peer.requester, get, peer.options)[Symbol.asyncIterator]();
      peer.answer(notification(1, "a"));
      await settled();
      peer.notify({ ...content("no more"), code });
      assert.equal(await text(states.next()), "a");
      await assert.rejects(
        states.next(),
        (error) => error instanceof CoapObservationEnded && error.response.code === code,
      );
      assert.equal(peer.clock.waiting, 0);
    });
  }

  test("goes on by another requester when the channel has failed, with more and more patience", async () => {
    const peer = scripted();
    let reopened = 0;
    const reopen = (): CoapRequester => {
      reopened += 1;
      if (reopened < 3) throw new TransportError("CONNECTION_REFUSED");
      return peer.requester;
    };
    const states = observe(peer.requester, get, { ...peer.options, reopen })[Symbol.asyncIterator]();
    peer.answer(notification(9, "a"));
    await states.next();
    peer.fail(new TransportError("CONNECTION_RESET"));
    for (const [milliseconds, times] of [
      [1_000, 1],
      [1_500, 2],
      [3_000, 3],
    ] as const) {
      await settled();
      peer.clock.advance(milliseconds - 1);
      await settled();
      assert.equal(reopened, times - 1);
      peer.clock.advance(1);
      await settled();
      assert.equal(reopened, times);
    }
    peer.answer(notification(1, "b"));
    assert.equal(await text(states.next()), "b");
    assert.notEqual(peer.asked[0]?.call.observation, peer.asked[1]?.call.observation);
    await states.return?.();
  });

  test("fails when it cannot begin, when nothing helps, and when it was tried often enough", async () => {
    const failures = [new TransportError("CONNECTION_REFUSED"), new ProtocolError("COAP_RESET")] as const;
    const unbegun = observe(() => Promise.reject(failures[0]), get)[Symbol.asyncIterator]();
    await assert.rejects(unbegun.next(), failures[0]);
    for (const failure of failures) {
      const peer = scripted();
      const options = { ...peer.options, maxAttempts: 2, reopen: () => Promise.reject(failure) };
      const states = observe(peer.requester, get, options)[Symbol.asyncIterator]();
      peer.answer(notification(1, "a"));
      await states.next();
      peer.fail(failure);
      for (let turn = 0; turn < 4; turn += 1) {
        await settled();
        peer.clock.advance(4_000);
      }
      await assert.rejects(states.next(), failure);
      assert.equal(peer.clock.waiting, 0);
    }
  });

  test("gathers large states, and leaves out those that are overtaken meanwhile (RFC 7959 section 2.6)", async () => {
    const { client, server } = channelPair();
    let state = 0;
    const resource = observable(() => ({ ...content(String(state).repeat(3_000)), options: [] }));
    serveChannel(server, serveBlocks()(resource.handler));
    const states = observe(withBlocks({ channel: client })(channelRequester(client)), get);
    const seen: string[] = [];
    for await (const { payload } of states) {
      seen.push(`${payload.length} ${payload[0]}`);
      if (state === 3) break;
      state += 1;
      resource.changed();
    }
    assert.deepEqual(seen, ["3000 48", "3000 49", "3000 50", "3000 51"]);
    await settled();
    assert.equal(resource.observers, 0);
  });
});

describe("what is observed", () => {
  test("tells each observer the latest of several changes", async () => {
    let state = 0;
    const resource = observable(() => content(String(state)));
    const observers = [];
    for (const peer of ["one", "two", "three"]) {
      observers.push(updatesOf(await resource.handler(observing, contextOf({ peer }))));
    }
    for (state = 1; state < 100; state += 1) resource.changed();
    for (const updates of observers) {
      assert.equal(await text(updates.next()), "100");
      const next = updates.next();
      resource.changed();
      assert.equal(await text(next), "100");
    }
    assert.equal(resource.observers, 3);
  });

  test("answers without observing who only asks, who fails, and who is beyond the limits", async () => {
    let code: CoapCode = "2.05";
    const resource = observable(() => ({ ...content("x"), code }), { maxObservers: 3, maxObserversPerPeer: 2 });
    const isObserved = async (request: CoapRequest, peer: string): Promise<boolean> =>
      (await resource.handler(request, contextOf({ peer })))?.updates !== undefined;
    assert.equal(await isObserved(get, "one"), false);
    code = "4.03";
    assert.equal(await isObserved(observing, "one"), false);
    code = "2.05";
    const taken = [];
    for (const peer of ["one", "one", "one", "two", "two"]) taken.push(await isObserved(observing, peer));
    assert.deepEqual(taken, [true, true, false, true, false]);
    assert.equal(resource.observers, 3);
  });

  test("forgets an observer that cannot be answered", async () => {
    const { client, server } = channelPair();
    const resource = observable(() => content("x"));
    serveChannel(server, resource.handler);
    server.emit("request", {
      ...{ request: observing, delivery: "confirmable", isMulticast: false, signal: new AbortController().signal },
      respond: () => Promise.reject(new TransportError("CONNECTION_RESET")),
    });
    await settled();
    assert.equal(resource.observers, 0);
    await client.close();
  });

  test("forgets an observer that has left, or was told a failure", async () => {
    let code: CoapCode = "2.05";
    const resource = observable(() => ({ ...content("x"), code }));
    const left = updatesOf(await resource.handler(observing, contextOf()));
    const waiting = left.next();
    await left.return?.();
    assert.equal((await waiting).done, true);
    assert.equal(resource.observers, 0);
    const failing = updatesOf(await resource.handler(observing, contextOf()));
    code = "5.00";
    resource.changed();
    assert.equal(await codeOf(failing.next()), "5.00");
    assert.equal((await failing.next()).done, true);
    assert.equal(resource.observers, 0);
  });

  test("that is closed says 4.04, once to each observer and to whoever asks", async () => {
    const resource = observable(() => content("x"));
    const updates = updatesOf(await resource.handler(observing, contextOf()));
    resource.close();
    assert.equal(await codeOf(updates.next()), "4.04");
    assert.equal((await updates.next()).done, true);
    assert.equal((await resource.handler(observing, contextOf()))?.code, "4.04");
    assert.equal(resource.observers, 0);
  });
});

const observing = { ...get, options: [writeOption("observe", 0), ...get.options] };

interface Asked {
  readonly request: CoapRequest;
  readonly call: CoapCall;
  readonly answer: PromiseWithResolvers<CoapResponse>;
}

/** A peer that answers as it is told to, and a clock that stands still. */
function scripted(): {
  readonly requester: CoapRequester;
  readonly asked: Asked[];
  readonly clock: ReturnType<typeof manualClock>;
  readonly options: ObserveOptions;
  answer(response: CoapResponse): void;
  notify(response: CoapResponse): void;
  fail(error: TransportError | ProtocolError): void;
} {
  const clock = manualClock();
  const asked: Asked[] = [];
  const last = (): Asked => {
    const ask = asked.at(-1);
    assert.ok(ask);
    return ask;
  };
  return {
    ...{ clock, asked, options: { clock, random: () => 0.5 } },
    requester: (request, call = {}) => {
      const answer = Promise.withResolvers<CoapResponse>();
      call.signal?.addEventListener("abort", () => answer.reject(call.signal?.reason));
      asked.push({ request, call, answer });
      return answer.promise;
    },
    answer: (response) => last().answer.resolve(response),
    notify: (response) => last().call.observer?.next(response),
    fail: (error) => last().call.observer?.end(error),
  };
}

function content(value: string, ...options: CoapResponse["options"]): CoapResponse {
  return { code: "2.05", options, payload: new TextEncoder().encode(value) };
}

function notification(sequence: number, value: string, ...options: CoapResponse["options"]): CoapResponse {
  return content(value, writeOption("observe", sequence), ...options);
}

async function text(result: Promise<IteratorResult<CoapResponse>>): Promise<string> {
  const { value } = (await result) as { readonly value: CoapResponse };
  return new TextDecoder().decode(value.payload);
}

async function codeOf(result: Promise<IteratorResult<CoapResponse>>): Promise<CoapCode> {
  const { value } = (await result) as { readonly value: CoapResponse };
  return value.code;
}

function updatesOf(answer: CoapAnswer | undefined): AsyncIterator<CoapResponse> {
  assert.ok(answer?.updates);
  return answer.updates[Symbol.asyncIterator]();
}

/** Lets all that waits for nothing but promises run. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}
