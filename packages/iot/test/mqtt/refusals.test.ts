import { startMosquitto } from "@fairlead/conformance/peers";
import { isCodedError } from "@fairlead/core";
import { connectMqtt, type Reconnecting } from "@fairlead/iot/mqtt";
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { before, describe, test } from "node:test";
import { BROKER, brokerNetwork, type BrokerNetwork } from "../messaging/broker-network.ts";
import { over } from "../messaging/over.ts";
import { skipWithout } from "../messaging/skip-without.ts";

let net: BrokerNetwork;
before(async () => {
  net = await brokerNetwork();
});

const skip = skipWithout("mosquitto");
const code = (expected: string) => (error: unknown) => {
  assert.ok(isCodedError(error), String(error));
  assert.equal(error.code, expected, error.message);
  return true;
};
const quick = { delayMilliseconds: 10, delayLimitMilliseconds: 40 };

/** A server that takes connections and says nothing. */
async function startSilence(): Promise<{ readonly url: string; readonly sockets: Socket[] } & AsyncDisposable> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on("error", () => undefined).resume());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `mqtt://${BROKER}:${String((server.address() as AddressInfo).port)}`,
    sockets,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

describe("MQTT with a mosquitto that refuses", { skip, timeout: 60_000 }, () => {
  for (const protocolVersion of [4, 5] as const) {
    test(`a wrong password has its name, by version ${String(protocolVersion)}`, async ({ signal }) => {
      const user = { name: "sensor", password: "right" };
      await using broker = await startMosquitto({ identity: net.server, user });
      await using manager = await net.open();
      const url = `mqtts://${BROKER}:${String(broker.port)}`;
      const client = { protocolVersion };
      const as = (password: string) => ({ type: "password", username: user.name, password }) as const;
      await assert.rejects(connectMqtt(manager, url, { signal, client, onCredentials: () => as("wrong") }), (error) => {
        assert.doesNotMatch(String(error), /wrong/);
        return code("BROKER_LOGIN_REFUSED")(error);
      });
      await assert.rejects(connectMqtt(manager, url, { signal, client }), code("BROKER_LOGIN_REFUSED"));
      const known = await connectMqtt(manager, url, { signal, client, onCredentials: () => as("right") });
      await known.endAsync();
    });
  }

  test("a packet above the limit ends the connection, and is told", async ({ signal }) => {
    await using broker = await startMosquitto();
    await using manager = await net.open();
    const url = `mqtt://${BROKER}:${String(broker.port)}`;
    const sender = await connectMqtt(manager, url, { signal });
    const lost = Promise.withResolvers<Reconnecting>();
    const reader = await connectMqtt(manager, url, {
      ...{ signal, packetLimitBytes: 1_000, reconnect: quick },
      onReconnecting: lost.resolve,
    });
    await reader.subscribeAsync("a");
    const heard = new Promise((resolve) => reader.once("message", resolve));
    await sender.publishAsync("a", "x".repeat(990));
    await Promise.race([heard, over({ signal })]);
    await sender.publishAsync("a", "x".repeat(1_000));
    code("BROKER_MESSAGE_LIMIT")((await Promise.race([lost.promise, over({ signal })])).error);
    await sender.endAsync();
    await reader.endAsync();
  });
});

describe("MQTT with a broker that does not answer", { timeout: 60_000 }, () => {
  test("one that never lets the client in is left after its time", async ({ signal }) => {
    await using silence = await startSilence();
    await using manager = await net.open();
    await assert.rejects(connectMqtt(manager, silence.url, { signal, timeoutMilliseconds: 50 }), (error) => {
      assert.ok(isCodedError(error) && "phase" in error);
      assert.equal(error.phase, "response");
      return true;
    });
    const [socket] = silence.sockets;
    assert.ok(socket);
    if (!socket.closed) await once(socket, "close", { signal });
  });

  test("a signal ends the wait with its reason", async ({ signal }) => {
    await using silence = await startSilence();
    await using manager = await net.open();
    const ending = new AbortController();
    const opening = connectMqtt(manager, silence.url, { signal: ending.signal });
    const reason = new Error("enough");
    ending.abort(reason);
    const rejection = assert.rejects(opening, (error) => error === reason);
    await Promise.race([rejection, over({ signal })]);
  });

  test("a client that ends while it waits for the next connection opens none", { skip }, async ({ signal }) => {
    await using broker = await startMosquitto();
    await using manager = await net.open();
    const waits = Promise.withResolvers<Reconnecting>();
    let attempts = 0;
    const client = await connectMqtt(manager, `mqtt://${BROKER}:${String(broker.port)}`, {
      signal,
      reconnect: { delayMilliseconds: 60_000, delayLimitMilliseconds: 60_000 },
      onReconnecting: waits.resolve,
      onCredentials: () => {
        attempts += 1;
        return undefined;
      },
    });
    await broker.kill();
    await Promise.race([waits.promise, over({ signal })]);
    await client.endAsync();
    assert.equal(attempts, 1);
  });
});
