import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { openNetworkAccessManager } from "@fairlead/access";
import {
  channelRequester,
  type CoapHandler,
  type CoapStreamChannel,
  connectStream,
  serveChannel,
  webSocketChannel,
} from "@fairlead/iot/coap";
import { writeCoapFrame } from "@fairlead/iot/coap/protocol";
import { acceptWebSocket, serve } from "@fairlead/server";

const none = new Uint8Array(0);
const asking = { code: "0.01", options: [], payload: none } as const;

interface MountedServer extends AsyncDisposable {
  readonly port: number;
  readonly opened: Promise<CoapStreamChannel>;
}

/** A server as an application mounts CoAP in it. */
async function startServer(handler: CoapHandler): Promise<MountedServer> {
  const { promise: opened, resolve } = Promise.withResolvers<CoapStreamChannel>();
  const server = await serve({
    port: 0,
    host: "127.0.0.1",
    fetch: (request, context) => {
      if (new URL(request.url).pathname !== "/.well-known/coap") return new Response(null, { status: 404 });
      return acceptWebSocket(
        request,
        context,
        async (socket) => {
          const peer = context.client?.address ?? "unknown";
          const channel = await webSocketChannel(socket, { peer, scheme: "coap+ws" });
          serveChannel(channel, handler);
          resolve(channel);
          await socket.closed;
        },
        { protocols: ["coap"] },
      );
    },
  });
  return { port: server.port ?? 0, opened, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

describe("CoAP over WebSocket (RFC 8323 section 4)", () => {
  test("is mounted in an HTTP server, and asked through a manager, in both directions", async () => {
    const large = new Uint8Array(150_000).fill(7);
    await using server = await startServer(() => ({ code: "2.05", options: [], payload: large }));
    await using manager = await openNetworkAccessManager();
    const destination = { scheme: "coap+ws", host: "127.0.0.1", port: server.port } as const;
    const channel = await connectStream(destination, { manager });
    const ask = channelRequester(channel);
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(asking)));
    for (const { payload } of answers) assert.equal(Buffer.compare(payload, large), 0);
    await channel.ping();
    const back = await server.opened;
    serveChannel(channel, () => ({ code: "2.04", options: [], payload: none }));
    assert.equal((await channelRequester(back)(asking)).code, "2.04");
    const closed = once(back, "close");
    await channel.close();
    assert.deepEqual(await closed, [undefined]);
  });

  for (const [what, message] of [
    ["a text", "hello"],
    ["a length that is not zero", Uint8Array.of(0x10, 0x01, 0x60)],
    ["a request before its CSM", writeCoapFrame({ ...asking, token: none }, "websocket")],
  ] as const) {
    test(`is aborted for a peer that sends ${what}`, async () => {
      await using server = await startServer(() => undefined);
      await using manager = await openNetworkAccessManager();
      const socket = manager.webSocket(`ws://127.0.0.1:${String(server.port)}/.well-known/coap`, { protocols: "coap" });
      await socket.opened;
      socket.send(message);
      const codes: number[] = [];
      for await (const answer of socket) codes.push(Number((answer as Uint8Array)[1]));
      // CSM, and Abort.
      assert.deepEqual(codes, [0xe1, 0xe5]);
    });
  }
});
