import { PolicyError } from "@fairlead/core";
import { serve, type FetchHandler, type HttpServerOptions, type ServerObserver } from "@fairlead/server";
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, test } from "node:test";

/** An object that has no text. */
const textless = Object.create(null) as object;
/** What TypeScript does not let a handler give, and JavaScript does. */
const giving = (value: unknown): FetchHandler => (() => value) as FetchHandler;
const throwing = (value: unknown): (() => never) => {
  return () => {
    throw value;
  };
};
const hello: FetchHandler = () => new Response("hello");

async function answerOf(options: HttpServerOptions): Promise<{ status: number; errors: unknown[] }> {
  const errors: unknown[] = [];
  await using running = await serve({ onError: (error) => errors.push(error), ...options });
  const { status } = await fetch(running.url ?? "", { signal: AbortSignal.timeout(5_000) });
  return { status, errors };
}

describe("a server goes on, whatever a handler does", () => {
  for (const [what, handler] of [
    ["throws nothing", throwing(undefined)],
    ["throws what has no text", throwing(textless)],
    ["gives a promise that is none", giving({ then: 5 })],
    ["gives a promise that throws", giving({ then: throwing(new Error("then")) })],
    ["gives what cannot be looked at", giving(new Proxy({}, { has: throwing(new Error("has")) }))],
    ["gives a status that is none", giving({ status: 1_000, headers: new Headers(), body: null })],
  ] as const) {
    test(`that ${what}: 500, told once`, async () => {
      const { status, errors } = await answerOf({ fetch: handler });
      assert.deepEqual([status, errors.length], [500, 1]);
    });
  }

  for (const [what, onError] of [
    ["throws", throwing(new Error("of onError"))],
    ["throws what has no text", throwing(textless)],
    ["rejects", () => Promise.reject(new Error("of onError"))],
  ] as const) {
    test(`also where what hears of it ${what}: that is a warning`, async () => {
      const warned = once(process, "warning");
      const { status } = await answerOf({
        fetch: throwing(new Error("of a handler")),
        onError: (): void => onError() as never,
      });
      assert.equal(status, 500);
      await warned;
    });
  }
});

describe("a request is answered, and once, where an observer stands around it that", () => {
  for (const [what, around, told] of [
    ["throws before", throwing(new Error("around")), 1],
    ["throws behind", (_exchange: unknown, handle: () => unknown) => throwing(handle())(), 1],
    ["forgets it", () => undefined, 0],
    ["calls it twice", (_exchange: unknown, handle: () => unknown) => [handle(), handle()], 0],
    ["is not there", undefined, 0],
  ] as const) {
    test(what, async () => {
      let handled = 0;
      const { status, errors } = await answerOf({
        fetch: () => {
          handled += 1;
          return new Response("hello");
        },
        observers: [{ around } as ServerObserver],
      });
      assert.deepEqual([status, handled, errors.length], [200, 1, told]);
    });
  }
});

test("an admission that throws lets nobody in, and the server goes on", async () => {
  const errors: unknown[] = [];
  const failures: unknown[] = [];
  let isBroken = true;
  await using running = await serve({
    fetch: hello,
    admission: () => {
      if (isBroken) throw new Error("admission");
      return { type: "admit", release: () => undefined };
    },
    observers: [{ onConnectionFailure: (error) => failures.push(error) }],
    onError: (error) => errors.push(error),
  });
  const socket = connect(running.port ?? 0, "127.0.0.1");
  socket.resume().on("error", () => undefined);
  await once(socket, "close");
  assert.equal(socket.bytesRead, 0);
  assert.match(String(errors), /admission/);
  assert.ok(failures[0] instanceof PolicyError && failures[0].code === "ADDRESS_REFUSED");
  isBroken = false;
  assert.equal((await fetch(running.url ?? "")).status, 200);
});
