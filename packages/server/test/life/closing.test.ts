import { TransportError } from "@fairlead/core";
import { health, LeanResponse, serve, type FetchHandler, type RunningServer } from "@fairlead/server";
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect, type Socket } from "node:net";
import { describe, test } from "node:test";
import { Load } from "../load.ts";

const request = "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n";

/** A handler that answers when it is told to, and says when it was asked. */
function held(): { readonly fetch: FetchHandler; readonly asked: Promise<unknown>; readonly answer: () => void } {
  const { promise: asked, resolve: onAsked } = Promise.withResolvers<undefined>();
  const { promise: response, resolve: respond } = Promise.withResolvers<undefined>();
  return {
    fetch: async () => {
      onAsked(undefined);
      await response;
      return new Response("late");
    },
    asked,
    answer: () => respond(undefined),
  };
}

function connectTo({ port }: RunningServer): Socket {
  return connect(port ?? 0, "127.0.0.1").setEncoding("latin1");
}

async function everything(socket: Socket): Promise<string> {
  let text = "";
  for await (const piece of socket) text += String(piece);
  return text;
}

describe("a server that closes", () => {
  test("answers what is under way, and says that it is the last", async () => {
    const { fetch, asked, answer } = held();
    const running = await serve({ fetch, host: "127.0.0.1" });
    const socket = connectTo(running);
    socket.write(request);
    await asked;
    const closed = running.close();
    answer();
    assert.match(await everything(socket), /^HTTP\/1\.1 200 OK\r\n.*connection: close\r\n.*late/is);
    await closed;
  });

  test("answers a request that was on its way, on a connection that had none", async () => {
    const running = await serve({ fetch: () => new Response("hello"), host: "127.0.0.1" });
    const socket = connectTo(running);
    socket.write(request);
    await once(socket, "data");
    // The server has not seen it when it begins to close: that is asked for in the same turn.
    socket.write(request);
    const closed = running.close();
    assert.match(await everything(socket), /^HTTP\/1\.1 200 OK\r\n.*connection: close\r\n/is);
    await closed;
  });

  test("answers a connection that was accepted and had said nothing", async () => {
    const running = await serve({ fetch: () => new Response("hello"), host: "127.0.0.1" });
    // Accepted in turn: whoever comes behind it is answered, so it has been accepted, too.
    const [silent, next] = [connectTo(running), connectTo(running)];
    await once(silent, "connect");
    next.write(request);
    await once(next, "data");
    const closed = running.close();
    silent.write(request);
    assert.match(await everything(silent), /^HTTP\/1\.1 200 OK\r\n/);
    await closed;
  });

  test("says so to clients of HTTP/2, and answers their requests", async () => {
    const { fetch, asked, answer } = held();
    const running = await serve({ fetch, host: "127.0.0.1" });
    const session = connectHttp2(`http://127.0.0.1:${String(running.port)}`);
    const goaway = once(session, "goaway");
    const stream = session.request({ ":path": "/" });
    await asked;
    const closed = running.close();
    await goaway;
    answer();
    let text = "";
    for await (const piece of stream.setEncoding("utf8")) text += String(piece);
    assert.equal(text, "late");
    await closed;
  });

  test("waits for what handlers have left to it", async () => {
    const { promise: work, resolve: finish } = Promise.withResolvers<undefined>();
    const running = await serve({
      fetch: (_, context) => {
        context.waitUntil(work);
        return new Response();
      },
      host: "127.0.0.1",
    });
    const socket = connectTo(running);
    socket.end(request);
    await everything(socket);
    let isClosed = false;
    const closed = running.close().then(() => {
      isClosed = true;
    });
    await once(connectTo(running), "error");
    assert.equal(isClosed, false);
    finish(undefined);
    await closed;
  });

  test("cuts what has not ended when its grace is over, and tells handlers why", async () => {
    let reason: unknown;
    const { promise: asked, resolve: onAsked } = Promise.withResolvers<undefined>();
    const running = await serve({
      fetch: ({ signal }) => {
        signal.addEventListener("abort", () => {
          reason = signal.reason;
        });
        onAsked(undefined);
        return new Promise(() => undefined);
      },
      host: "127.0.0.1",
    });
    const socket = connectTo(running);
    socket.on("error", () => undefined);
    socket.write(request);
    await asked;
    await running.close({ graceMilliseconds: 10 });
    assert.ok(reason instanceof TransportError);
    assert.ok(socket.closed || (await once(socket, "close")));
  });

  test("tells handlers that go on for ever", async () => {
    const { promise: asked, resolve: onAsked } = Promise.withResolvers<undefined>();
    const running = await serve({
      fetch: (_, { closing }) => {
        const { promise, resolve } = Promise.withResolvers<Response>();
        closing?.addEventListener("abort", () => resolve(new Response("goodbye")));
        onAsked(undefined);
        return promise;
      },
      host: "127.0.0.1",
    });
    const socket = connectTo(running);
    socket.write(request);
    await asked;
    const [answer] = await Promise.all([everything(socket), running.close()]);
    assert.match(answer, /goodbye/);
  });
});

test("a handler is told when its client leaves", async () => {
  const { promise: left, resolve: onLeft } = Promise.withResolvers<unknown>();
  const { promise: asked, resolve: onAsked } = Promise.withResolvers<undefined>();
  await using running = await serve({
    fetch: ({ signal }) => {
      signal.addEventListener("abort", () => onLeft(signal.reason));
      onAsked(undefined);
      return new Promise(() => undefined);
    },
    host: "127.0.0.1",
  });
  const socket = connectTo(running);
  socket.write(request);
  await asked;
  socket.destroy();
  const reason = await left;
  assert.ok(reason instanceof TransportError);
  assert.equal(reason.code, "CLIENT_GONE");
});

test("a handler takes another's place without a request that fails, while many come", async () => {
  await using running = await serve({ fetch: () => new LeanResponse("one"), host: "127.0.0.1" });
  const loads = [1, 100].map((requestsPerConnection) => new Load({ port: running.port ?? 0, requestsPerConnection }));
  for (let count = 0; count < 20; count += 1) {
    await Promise.all(loads.map((load) => load.more(20)));
    running.server.replace(() => new LeanResponse(String(count)));
  }
  await Promise.all(loads.map((load) => load.stop()));
  assert.deepEqual(
    loads.flatMap(({ failures }) => failures),
    [],
  );
});

test("balancers are told that a server leaves while it still answers", async () => {
  const ready = health();
  await using running = await serve({ fetch: () => new Response("hello"), plugins: [ready], host: "127.0.0.1" });
  const statusOf = async (path: string): Promise<number> => (await fetch(`${running.url ?? ""}${path}`)).status;
  assert.deepEqual([await statusOf("/livez"), await statusOf("/readyz"), await statusOf("/")], [200, 200, 200]);
  ready.leave();
  assert.deepEqual([await statusOf("/livez"), await statusOf("/readyz"), await statusOf("/")], [200, 503, 200]);
});
