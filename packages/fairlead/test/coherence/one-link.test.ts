import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, test } from "node:test";
import { goodHost, mintCertificates } from "@fairlead/conformance/tls";
import { simulateGatt } from "@fairlead/conformance/gatt";
import { channelRequester, serveChannel, streamChannel } from "@fairlead/iot/coap";
import { connectMqtt, type Network } from "@fairlead/iot/mqtt";
import { acceptWebSocket, httpServer } from "@fairlead/server";
import type { TlsBackend } from "@fairlead/tls";
import { nodeTls } from "@fairlead/tls/node";
import { loadGnutlsTls } from "@fairlead/tls-gnutls";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import { acceptLinkStreams } from "@fairlead/transport/framed";
import { connectGatt } from "@fairlead/transport/gatt";
import { Aedes } from "aedes";
import { WebSocket } from "ws";

// One idea: what runs over a socket runs over a radio that is not there, whose messages are smaller than a TLS record's
// head and a half, which dawdles, and which goes out of range in the middle of the handshake and again behind it.
const { trust, good } = await mintCertificates();
const backends: readonly TlsBackend[] = [nodeTls, loadGnutlsTls(), loadOpensslTls()];
const body = "all of it, and in order; ".repeat(60);

for (const mtu of [20, 100, 247]) {
  for (const backend of backends) {
    describe(`over a device with an MTU of ${mtu}, secured by ${backend.name}`, () => {
      test("HTTP/1.1 is spoken", async () => {
        await using link = await openLink(mtu, backend, "http/1.1", (stream) => {
          server.take(stream);
        });
        await using server = httpServer({ fetch: (asked) => new Response(asked.body) });
        const asking = request({ createConnection: () => link.stream, method: "POST", host: goodHost, path: "/" });
        asking.end(body);
        const [response] = (await once(asking, "response")) as [Parameters<typeof text>[0]];
        assert.equal(await text(response), body);
      });

      test("HTTP/2 is spoken", async () => {
        await using link = await openLink(mtu, backend, "h2", (stream) => {
          server.take(stream);
        });
        await using server = httpServer({ fetch: (asked) => new Response(asked.body) });
        const session = connectHttp2(`https://${goodHost}`, { createConnection: () => link.stream });
        const asking = session.request({ ":method": "POST", ":path": "/" });
        asking.end(body);
        assert.equal(await text(asking), body);
        session.destroy();
      });

      test("WebSocket is spoken", async () => {
        await using link = await openLink(mtu, backend, "http/1.1", (stream) => {
          server.take(stream);
        });
        await using server = httpServer({
          fetch: (asked, context) =>
            acceptWebSocket(asked, context, async (socket) => {
              for await (const message of socket) await socket.send(message);
            }),
        });
        const client = new WebSocket(`ws://${goodHost}/`, { createConnection: () => link.stream as never });
        await once(client, "open");
        client.send(body);
        const [message] = (await once(client, "message")) as [Buffer];
        assert.equal(message.toString(), body);
        client.terminate();
      });

      test("MQTT is spoken", async () => {
        const broker = await Aedes.createBroker();
        await using link = await openLink(mtu, backend, undefined, (stream) => {
          broker.handle(stream);
        });
        const network: Network = {
          connect: () => Promise.resolve(link.stream),
          connectDatagrams: () => Promise.reject(new Error("no datagrams here")),
          connectivity: { until: () => Promise.resolve() },
        };
        const client = await connectMqtt(network, `mqtts://${goodHost}`);
        await client.subscribeAsync("echo");
        const heard = new Promise<Buffer>((resolve) => {
          client.once("message", (_topic, payload) => {
            resolve(payload);
          });
        });
        await client.publishAsync("echo", body, { qos: 1 });
        assert.equal((await heard).toString(), body);
        await client.endAsync(true);
        await new Promise<void>((resolve) => {
          broker.close(resolve);
        });
      });

      test("CoAP over TCP is spoken", async () => {
        await using link = await openLink(mtu, backend, "coap", (stream) => {
          void streamChannel(stream, { scheme: "coaps+tcp", peer: "device" }).then((channel) => {
            serveChannel(channel, ({ payload }) => ({ code: "2.04", options: [], payload }));
          });
        });
        await using channel = await streamChannel(link.stream, { scheme: "coaps+tcp", peer: "device" });
        const payload = new TextEncoder().encode(body);
        const answer = await channelRequester(channel)({ code: "0.02", options: [], payload });
        assert.equal(new TextDecoder().decode(answer.payload), body);
      });
    });
  }
}

interface Link extends AsyncDisposable {
  readonly stream: Duplex;
}

/** Opens a stream to a device, TLS on it, and hands the device's end to `serve`. The first two connections break early. */
async function openLink(
  mtu: number,
  backend: TlsBackend,
  protocol: string | undefined,
  serve: (stream: Duplex) => void,
): Promise<Link> {
  const alpnProtocols = protocol === undefined ? undefined : [protocol];
  const device = acceptLinkStreams((below) => {
    backend.accept(below, { identity: good, alpnProtocols }).then(serve, () => below.destroy());
  });
  const gatt = simulateGatt({
    mtu,
    delayMilliseconds: (random) => random,
    random: Math.random,
    breaksAfter: (connection) => [7, 13][connection - 1] ?? Infinity,
    onLink: (link) => {
      device.accept(link);
    },
  });
  const below = await connectGatt(gatt.peripheral, { silenceMilliseconds: 20_000 });
  const stream = await backend.connect(below, { host: goodHost, trust, alpnProtocols });
  return {
    stream,
    async [Symbol.asyncDispose]() {
      assert.ok(gatt.connections >= 3, "the link was never lost");
      stream.on("error", () => undefined).destroy();
      await device.close();
    },
  };
}
