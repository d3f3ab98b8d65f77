import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { describe, test, type TestContext } from "node:test";
import { inspect } from "node:util";
import { connectAmqp } from "@fairlead/iot/amqp";
import { connectMqtt } from "@fairlead/iot/mqtt";
import { openNetworkAccessManager } from "@fairlead/access";

const secret = "correct horse";
const options = {
  onCredentials: async () => ({ type: "password", username: "sensor-7", password: secret }) as const,
  reconnect: false,
} as const;

describe("a broker that is none", () => {
  const saslHeader = Buffer.from("AMQP\x03\x01\x00\x00");
  for (const [what, said, code] of [
    ["speaks HTTP", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"), "BROKER_REFUSED"],
    ["speaks AMQP 0-9-1", Buffer.from("AMQP\x00\x00\x09\x01"), "BROKER_REFUSED"],
    ["stops in the middle of its header", saslHeader.subarray(0, 7), "TIMED_OUT"],
    [
      "announces a frame of 2 GiB",
      Buffer.concat([saslHeader, Buffer.from([0x7f, 0xff, 0xff, 0xff])]),
      "BROKER_MESSAGE_LIMIT",
    ],
  ] as const) {
    test(`is told from one of AMQP 1.0 when it ${what}`, async (context) => {
      const port = await listening(context, (socket) => socket.write(said));
      await using network = await openNetworkAccessManager({ proxy: "none" });
      const timeoutMilliseconds = code === "TIMED_OUT" ? 50 : 20_000;
      const connecting = connectAmqp(network, `amqp://127.0.0.1:${port}`, { ...options, timeoutMilliseconds });
      await assert.rejects(connecting, (error: Error & { readonly code?: string }) => {
        assert.equal(error.code, code);
        assert.ok(!inspect(error, { depth: 9 }).includes(secret));
        return true;
      });
    });
  }
});

test("a client of MQTT does not show its password to who prints it", async (context) => {
  const heard = Promise.withResolvers<Buffer>();
  const port = await listening(context, (socket) => {
    socket.once("data", (bytes) => {
      heard.resolve(bytes);
      socket.write(Buffer.from([0x20, 2, 0, 0]));
    });
  });
  await using network = await openNetworkAccessManager({ proxy: "none" });
  const client = await connectMqtt(network, `mqtt://127.0.0.1:${port}`, options);
  assert.ok((await heard.promise).includes(secret), "the broker was told");
  assert.ok(!inspect(client, { depth: 9 }).includes(secret));
  assert.ok(!JSON.stringify(client.options).includes(secret));
  await client.endAsync(true);
});

async function listening(context: TestContext, onConnection: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    onConnection(socket);
    context.after(() => socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => server.close());
  return (server.address() as AddressInfo).port;
}
