import type { NetworkAccessManager, NetworkAccessManagerOptions } from "@fairlead/access";
import {
  startRabbitMq,
  type RabbitMq,
  startDante,
  startSquid,
  type Squid,
  type Program,
} from "@fairlead/conformance/peers";
import { isCodedError } from "@fairlead/core";
import { connectAmqp, type AmqpOptions } from "@fairlead/iot/amqp";
import { connectAmqp091, type Amqp091Options } from "@fairlead/iot/amqp091";
import assert from "node:assert/strict";
import type { EventEmitter } from "node:events";
import { after, before, describe, test, type TestContext } from "node:test";
import type { Connection, EventContext } from "rhea";
import { BROKER, brokerNetwork, tlsBackends, type BrokerNetwork } from "../messaging/broker-network.ts";
import { over } from "../messaging/over.ts";
import { skipWithout } from "../messaging/skip-without.ts";

const user = { name: "sensor", password: "pass:word/7" };
const skip = skipWithout("rabbitmq-server", "squid", "danted");
const programs = new AsyncDisposableStack();
let net: BrokerNetwork;
let broker: RabbitMq;
let squid: Squid;
let dante: Program;

// It takes seconds to start: one serves all.
before(async () => {
  if (skip !== false) return;
  net = await brokerNetwork();
  broker = programs.use(await startRabbitMq({ identity: net.server, clientAuthority: net.ca.certificate, user }));
  squid = programs.use(await startSquid(net.ca));
  dante = programs.use(await startDante());
});
after(async () => {
  await programs.disposeAsync();
});

const url = (host = BROKER): string => `amqps://${host}:${String(broker.securePort)}`;
const known = ({ signal }: TestContext) => ({
  signal,
  onCredentials: () => ({ type: "password", username: user.name, password: user.password }) as const,
  reconnect: { delayMilliseconds: 20, delayLimitMilliseconds: 200 },
});
const stranger = ({ signal }: TestContext) => ({
  signal,
  onCredentials: () => ({ type: "password", username: "sensor", password: "wrong" }) as const,
});
const code = (expected: string) => (error: unknown) => {
  assert.ok(isCodedError(error), String(error));
  assert.equal(error.code, expected, error.message);
  return true;
};

/** Resolves with the next event, whatever errors there are before. */
function happens<Values extends unknown[]>(
  context: TestContext,
  emitter: EventEmitter,
  event: string,
): Promise<Values> {
  const heard = new Promise<Values>((resolve) => {
    emitter.once(event, (...values: Values) => resolve(values));
  });
  return Promise.race([heard, over(context)]);
}

/** Closes it in good order. */
async function close(context: TestContext, connection: Connection): Promise<void> {
  const closed = happens(context, connection, "connection_close");
  connection.close();
  await closed;
}

/** That a message goes to a queue and comes back, by AMQP 1.0. */
async function exchange(context: TestContext, connection: Connection, queue: string, body = "hello"): Promise<void> {
  const receiver = connection.open_receiver(queue);
  const heard = happens<[EventContext]>(context, receiver, "message");
  const sender = connection.open_sender(queue);
  await happens(context, sender, "sendable");
  sender.send({ body });
  const [{ message }] = await heard;
  assert.equal(message?.body, body);
  receiver.close();
  sender.close();
}

/** That a message goes to a queue and comes back, by AMQP 0-9-1; `setup` of the connection consumes. */
function consuming(
  context: TestContext,
  queue: string,
): { readonly options: Amqp091Options; readonly next: () => Promise<string> } {
  const heard: string[] = [];
  let tell = (): void => undefined;
  return {
    options: {
      ...known(context),
      setup: async (model) => {
        const channel = await model.createChannel();
        await channel.assertQueue(queue, { durable: true });
        await channel.consume(queue, (message) => {
          if (message === null) return;
          channel.ack(message);
          heard.push(message.content.toString());
          tell();
        });
      },
    },
    next: async () => {
      while (heard.length === 0) {
        await Promise.race([new Promise<void>((resolve) => (tell = resolve)), over(context)]);
      }
      return heard.shift() ?? "";
    },
  };
}

for (const backend of tlsBackends) {
  describe(`AMQP with RabbitMQ, over ${backend.name}`, { skip, timeout: 60_000 }, () => {
    const open = (options: NetworkAccessManagerOptions = {}): Promise<NetworkAccessManager> =>
      net.open({ ...options, tls: { backend } });
    const one = (manager: NetworkAccessManager, options: AmqpOptions, host?: string): Promise<Connection> =>
      connectAmqp(manager, url(host), options);

    test("1.0: messages go both ways", async (context) => {
      await using manager = await open();
      const connection = await one(manager, known(context));
      await exchange(context, connection, `new-${backend.name}`);
      await close(context, connection);
    });

    test("0-9-1: messages go both ways", async (context) => {
      await using manager = await open();
      const { options, next } = consuming(context, `old-${backend.name}`);
      const model = await connectAmqp091(manager, url(), options);
      const channel = await model.createChannel();
      channel.sendToQueue(`old-${backend.name}`, Buffer.from("hello"));
      assert.equal(await next(), "hello");
      await model.close();
    });

    test("through an HTTP and a SOCKS proxy", async (context) => {
      for (const proxy of [`http://127.0.0.1:${String(squid.port)}`, `socks5://127.0.0.1:${String(dante.port)}`]) {
        await using manager = await open({ proxy });
        const connection = await one(manager, known(context), "localhost");
        await exchange(context, connection, `proxied-${backend.name}`);
        await close(context, connection);
        const model = await connectAmqp091(manager, url("localhost"), known(context));
        await (await model.createChannel()).assertQueue(`proxied-${backend.name}`, { durable: false });
        await model.close();
      }
    });

    test("a login that is refused has its name", async (context) => {
      await using manager = await open();
      await assert.rejects(one(manager, stranger(context)), code("BROKER_LOGIN_REFUSED"));
      await assert.rejects(connectAmqp091(manager, url(), stranger(context)), code("BROKER_LOGIN_REFUSED"));
    });

    test("a client certificate is asked for", async (context) => {
      const asked: string[] = [];
      await using manager = await open({
        onClientCertificate: ({ origin }) => {
          asked.push(origin);
          return { type: "identity", identity: net.client };
        },
      });
      const connection = await one(manager, known(context));
      await close(context, connection);
      // Node's TLS does not tell of a server that wishes for one and does not insist.
      assert.deepEqual(asked, backend.name === "node" ? [] : [url()]);
    });
  });
}

describe("AMQP with a RabbitMQ that ends", { skip }, () => {
  test("both are opened again when it is back, and what was consumed goes on", { timeout: 60_000 }, async (context) => {
    await using manager = await net.open();
    const { options, next } = consuming(context, "lasting");
    const model = await connectAmqp091(manager, url(), options);
    const connection = await connectAmqp(manager, url(), known(context));
    connection.on("disconnected", () => undefined);
    const receiver = connection.open_receiver("newer");
    await happens(context, receiver, "receiver_open");
    // A queue of AMQP 1.0 ends with the broker: what is sent before the receiver is back goes nowhere.
    const again = happens(context, receiver, "receiver_open");
    const back = happens(context, model, "connect");
    await broker.kill();
    await broker.start();
    await Promise.all([again, back]);
    const channel = await model.createChannel();
    channel.sendToQueue("lasting", Buffer.from("still there"));
    assert.equal(await next(), "still there");
    const heard = happens<[EventContext]>(context, receiver, "message");
    channel.sendToQueue("newer", Buffer.from("here, too"));
    const [{ message }] = await heard;
    assert.match(String((message?.body as { content?: unknown }).content ?? message?.body), /here, too/);
    await close(context, connection);
    await model.close();
  });
});
