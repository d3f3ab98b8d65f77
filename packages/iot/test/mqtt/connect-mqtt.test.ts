import type { NetworkAccessManager, NetworkAccessManagerOptions } from "@fairlead/access";
import { isCodedError } from "@fairlead/core";
import {
  startMosquitto,
  type Mosquitto,
  type MosquittoOptions,
  startDante,
  startSquid,
} from "@fairlead/conformance/peers";
import { connectMqtt, type Reconnecting } from "@fairlead/iot/mqtt";
import { openStore } from "@fairlead/store";
import { mintCertificate } from "@fairlead/testserver/authority";
import type { TlsSocket } from "@fairlead/tls";
import assert from "node:assert/strict";
import { before, describe, test, type TestContext } from "node:test";
import type { MqttClient } from "mqtt";
import { BROKER, brokerNetwork, tlsBackends, type BrokerNetwork } from "../messaging/broker-network.ts";
import { over } from "../messaging/over.ts";
import { skipWithout } from "../messaging/skip-without.ts";

let net: BrokerNetwork;
before(async () => {
  net = await brokerNetwork();
});

const skip = skipWithout("mosquitto");
const url = ({ port }: Mosquitto, scheme = "mqtts"): string => `${scheme}://${BROKER}:${String(port)}`;
const start = (options: MosquittoOptions = {}): Promise<Mosquitto> =>
  startMosquitto({ identity: net.server, ...options });
const code = (expected: string) => (error: unknown) => {
  assert.ok(isCodedError(error), String(error));
  assert.equal(error.code, expected);
  return true;
};

/** The next message, as text. */
function message(context: TestContext, client: MqttClient): Promise<string> {
  const heard = new Promise<string>((resolve) => {
    client.once("message", (topic, payload) => resolve(`${topic}: ${payload.toString()}`));
  });
  return Promise.race([heard, over(context)]);
}

/** Resolves with the next event, whatever errors there are before. */
function happens(context: TestContext, client: MqttClient, event: "close" | "connect"): Promise<unknown> {
  const heard = new Promise((resolve) => {
    client.once(event, () => resolve(undefined));
  });
  return Promise.race([heard, over(context)]);
}

/** That messages go both ways. */
async function exchange(context: TestContext, client: MqttClient, topic = "a/b"): Promise<void> {
  await client.subscribeAsync(topic, { qos: 1 });
  const heard = message(context, client);
  await client.publishAsync(topic, "hello", { qos: 1 });
  assert.equal(await heard, `${topic}: hello`);
}

/** What the client speaks on now. */
const socketOf = (client: MqttClient): TlsSocket => client.stream as unknown as TlsSocket;

for (const backend of tlsBackends) {
  describe(`MQTT with mosquitto, over ${backend.name}`, { skip, timeout: 60_000 }, () => {
    const open = (options: NetworkAccessManagerOptions = {}): Promise<NetworkAccessManager> =>
      net.open({ ...options, tls: { backend } });

    for (const protocolVersion of [4, 5] as const) {
      test(`messages go both ways by version ${protocolVersion === 4 ? "3.1.1" : "5"}`, async (context) => {
        await using broker = await start();
        await using manager = await open();
        const client = await connectMqtt(manager, url(broker), { signal: context.signal, client: { protocolVersion } });
        await exchange(context, client);
        assert.equal(socketOf(client).authorized, true);
        await client.endAsync();
      });
    }

    test("the second connection resumes the session of the first, by another manager of the same store", async (context) => {
      await using broker = await start();
      await using store = await openStore("memory:");
      for (const isSecond of [false, true]) {
        await using manager = await open({ store });
        const client = await connectMqtt(manager, url(broker), { signal: context.signal });
        assert.equal(socketOf(client).isSessionReused(), isSecond);
        await exchange(context, client);
        await client.endAsync();
      }
    });

    test("a client certificate is asked for, and is the user", async (context) => {
      await using broker = await start({ clientAuthority: net.ca.certificate });
      const asked: string[] = [];
      await using manager = await open({
        onClientCertificate: ({ origin }) => {
          asked.push(origin);
          return { type: "identity", identity: net.client, remember: true };
        },
      });
      const client = await connectMqtt(manager, url(broker), { signal: context.signal, client: { clientId: "seven" } });
      await exchange(context, client);
      assert.deepEqual(asked, [url(broker)]);
      await broker.logs(/New client connected from \S+ as seven \(.*u'sensor-7'/);
      await client.endAsync();
    });

    test("without one the broker's refusal has its name", async (context) => {
      await using broker = await start({ clientAuthority: net.ca.certificate });
      await using manager = await open();
      await assert.rejects(
        connectMqtt(manager, url(broker), { signal: context.signal }),
        code("CLIENT_CERTIFICATE_REQUIRED"),
      );
    });

    test("a certificate for another name is refused", async (context) => {
      const identity = await mintCertificate({ names: ["other.fairlead.test"], issuer: net.ca });
      await using broker = await start({ identity });
      await using manager = await open();
      await assert.rejects(
        connectMqtt(manager, url(broker), { signal: context.signal }),
        code("CERTIFICATE_HOST_MISMATCH"),
      );
    });

    test("a broker that is killed and started again is found again, with the subscriptions", async (context) => {
      await using broker = await start();
      await using manager = await open();
      const lost: Reconnecting[] = [];
      const client = await connectMqtt(manager, url(broker), {
        signal: context.signal,
        reconnect: { delayMilliseconds: 10, delayLimitMilliseconds: 40 },
        onReconnecting: (event) => lost.push(event),
      });
      await exchange(context, client);
      const offline = happens(context, client, "close");
      await broker.kill();
      await offline;
      const back = happens(context, client, "connect");
      await broker.start();
      await back;
      const heard = message(context, client);
      await client.publishAsync("a/b", "still there", { qos: 1 });
      assert.equal(await heard, "a/b: still there");
      assert.deepEqual(
        lost.map(({ attempt }) => attempt),
        lost.map((_event, index) => index + 1),
      );
      await client.endAsync();
    });

    test("through an HTTP and a SOCKS proxy", { skip: skipWithout("squid", "danted") }, async (context) => {
      await using broker = await start();
      await using dante = await startDante();
      await using squid = await startSquid(net.ca);
      for (const proxy of [`http://127.0.0.1:${String(squid.port)}`, `socks5://127.0.0.1:${String(dante.port)}`]) {
        await using manager = await open({ proxy });
        const client = await connectMqtt(manager, `mqtts://localhost:${String(broker.port)}`, {
          signal: context.signal,
        });
        await exchange(context, client);
        await client.endAsync();
      }
    });
  });
}
