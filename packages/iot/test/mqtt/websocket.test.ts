import { startMosquitto, type Mosquitto, type MosquittoOptions } from "@fairlead/conformance/peers";
import { isCodedError } from "@fairlead/core";
import { connectMqtt, type Network, type Reconnecting } from "@fairlead/iot/mqtt";
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { connect, type AddressInfo } from "node:net";
import { pipeline } from "node:stream";
import { before, describe, test } from "node:test";
import type { MqttClient } from "mqtt";
import { createWebSocketStream, WebSocketServer, type WebSocket } from "ws";
import { BROKER, brokerNetwork, type BrokerNetwork } from "../messaging/broker-network.ts";
import { over } from "../messaging/over.ts";
import { skipWithout } from "../messaging/skip-without.ts";

let net: BrokerNetwork;
before(async () => {
  net = await brokerNetwork();
});

const limits = { skip: skipWithout("mosquitto"), timeout: 60_000 };
const code = (expected: string) => (error: unknown) => {
  assert.ok(isCodedError(error), String(error));
  assert.equal(error.code, expected, error.message);
  return true;
};

/** Opens WebSockets, at `/mqtt` alone. */
interface Gate extends AsyncDisposable {
  readonly port: number;
  readonly sockets: Set<WebSocket>;
}

async function openGate(secure: boolean, serve: (socket: WebSocket) => void, protocol = "mqtt"): Promise<Gate> {
  const { certificate, privateKey } = net.server;
  const server: Server = secure ? createSecureServer({ cert: certificate, key: privateKey }) : createServer();
  const gate = new WebSocketServer({ server, path: "/mqtt", handleProtocols: () => protocol });
  gate.on("connection", serve);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    sockets: gate.clients,
    [Symbol.asyncDispose]: async () => {
      for (const socket of gate.clients) socket.terminate();
      gate.close();
      server.close();
      await once(server, "close");
    },
  };
}

/** A mosquitto behind a gate: that of Debian is built without WebSocket. */
async function startBroker(secure: boolean, options: MosquittoOptions = {}): Promise<Gate> {
  const broker: Mosquitto = await startMosquitto(options);
  const gate = await openGate(secure, (socket) => {
    const outside = createWebSocketStream(socket);
    const inside = connect(broker.port, "127.0.0.1");
    pipeline(outside, inside, outside, () => undefined);
  });
  return {
    ...gate,
    [Symbol.asyncDispose]: async () => {
      await gate[Symbol.asyncDispose]();
      await broker[Symbol.asyncDispose]();
    },
  };
}

/** That a message goes both ways, one that fills many frames. */
async function exchange(client: MqttClient, signal: AbortSignal): Promise<void> {
  const body = "hello ".repeat(50_000);
  await client.subscribeAsync("a/b", { qos: 1 });
  const heard = new Promise<string>((resolve) => {
    client.once("message", (_topic, payload) => resolve(payload.toString()));
  });
  await client.publishAsync("a/b", body, { qos: 1 });
  assert.equal(await Promise.race([heard, over({ signal })]), body);
}

describe("MQTT over WebSocket (MQTT 5.0 section 6)", limits, () => {
  for (const scheme of ["ws", "wss"] as const) {
    for (const protocolVersion of [4, 5] as const) {
      test(`messages go both ways by ${scheme}, version ${String(protocolVersion)}`, async ({ signal }) => {
        await using gate = await startBroker(scheme === "wss");
        await using manager = await net.open();
        const url = `${scheme}://${BROKER}:${String(gate.port)}/mqtt`;
        const client = await connectMqtt(manager, url, { signal, client: { protocolVersion } });
        await exchange(client, signal);
        await client.endAsync();
      });
    }
  }

  test("who is refused hears it by name, and no password goes to another machine in the clear", async ({ signal }) => {
    const user = { name: "sensor", password: "right" };
    const onCredentials = () => ({ type: "password", username: user.name, password: "wrong" }) as const;
    for (const [secure, expected] of [
      [true, "BROKER_LOGIN_REFUSED"],
      [false, "AUTHENTICATION_REFUSED"],
    ] as const) {
      await using gate = await startBroker(secure, { user });
      await using manager = await net.open();
      const url = `${secure ? "wss" : "ws"}://${BROKER}:${String(gate.port)}/mqtt`;
      await assert.rejects(connectMqtt(manager, url, { signal, onCredentials }), code(expected));
    }
  });

  test("one that is cut is opened again, with the subscriptions", async ({ signal }) => {
    await using gate = await startBroker(true);
    await using manager = await net.open();
    const lost: Reconnecting[] = [];
    const client = await connectMqtt(manager, `wss://${BROKER}:${String(gate.port)}/mqtt`, {
      signal,
      reconnect: { delayMilliseconds: 10, delayLimitMilliseconds: 40 },
      onReconnecting: (event) => lost.push(event),
    });
    await exchange(client, signal);
    const back = new Promise<void>((resolve) => client.once("connect", () => resolve()));
    for (const socket of gate.sockets) socket.terminate();
    await Promise.race([back, over({ signal })]);
    assert.ok(isCodedError(lost[0]?.error), String(lost[0]?.error));
    const heard = new Promise((resolve) => client.once("message", resolve));
    await client.publishAsync("a/b", "still there", { qos: 1 });
    assert.equal(await Promise.race([heard, over({ signal })]), "a/b");
    await client.endAsync();
  });

  test("a server of something else is refused", async ({ signal }) => {
    const refusals = [
      { path: "/other", serve: () => undefined, protocol: "mqtt", expected: "WEBSOCKET_REFUSED" },
      { path: "/mqtt", serve: () => undefined, protocol: "", expected: "BROKER_REFUSED" },
      {
        path: "/mqtt",
        serve: (socket: WebSocket) => socket.send("\x20\x02\0\0"),
        protocol: "mqtt",
        expected: "BROKER_REFUSED",
      },
      { path: "/mqtt", serve: (socket: WebSocket) => socket.close(), protocol: "mqtt", expected: "STREAM_CLOSED" },
    ];
    for (const { path, serve, protocol, expected } of refusals) {
      await using gate = await openGate(false, serve, protocol);
      await using manager = await net.open();
      const url = `ws://${BROKER}:${String(gate.port)}${path}`;
      await assert.rejects(connectMqtt(manager, url, { signal }), code(expected));
    }
  });

  test("what a WebSocket cannot do is refused before anything is opened", async () => {
    await using manager = await net.open();
    const only: Network = {
      connect: (url, options) => manager.connect(url, options),
      connectDatagrams: () => Promise.reject(new Error("brokers speak on streams")),
      connectivity: manager.connectivity,
    };
    const url = `ws://${BROKER}:1/mqtt`;
    await assert.rejects(connectMqtt(only, url), code("URL_SCHEME_UNKNOWN"));
    await assert.rejects(connectMqtt(manager, url, { alpnProtocols: ["mqtt"] }), code("OPTION_INVALID"));
    await assert.rejects(connectMqtt(manager, `${url}?token=x`), code("URL_INVALID"));
  });
});
