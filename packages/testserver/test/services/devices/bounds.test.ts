import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { CarriedEndpoint } from "@fairlead/transport";
import { type ServiceName, startTestNetwork, type TestNetwork, type TrafficEvent } from "@fairlead/testserver";
import { detour } from "../../detour.ts";
import { listenToStrangers } from "../../../src/services/devices/strangers.ts";
import { TrafficLog } from "../../../src/traffic-log.ts";

const mqttConnect = Buffer.from("100c00044d5154540402003c0000", "hex");
const amqpHeader = Buffer.from("AMQP\0\x01\0\0", "latin1");

describe("services of devices, to who wishes them ill", () => {
  let network: TestNetwork;
  before(async () => {
    network = await startTestNetwork(detour);
  });
  after(async () => {
    await network.close();
  });

  test("end a connection of MQTT at a packet that is too large or has no length, and say why", async () => {
    for (const [bytes, reason] of [
      ["30ffffff7f", "MQTT: packet-too-large"],
      ["30ffffffff7f", "MQTT: length-malformed"],
    ] as const) {
      const told = toldOf("mqtt", (event) => event.type === "failed" && event.reason === reason);
      await endsAfter("mqtt", Buffer.from(bytes, "hex"));
      await told;
    }
  });

  test("forget what a broker of MQTT keeps when it is too much, and go on", async () => {
    const told = toldOf("mqtt", (event) => event.type === "failed" && event.reason.includes("begins anew"));
    const client = open("mqtt");
    client.on("error", () => undefined).resume();
    client.write(mqttConnect);
    const body = Buffer.alloc(250_000);
    for (let index = 0; index < 80; index += 1) {
      const topic = Buffer.from(`t/${String(index).padStart(3, "0")}`);
      client.write(Buffer.concat([publishHead(2 + topic.length + body.length), Uint8Array.of(0, topic.length), topic]));
      client.write(body);
    }
    await told;
    await once(client, "close");
    const next = open("mqtt");
    next.write(mqttConnect);
    const [answer] = (await once(next, "data")) as [Buffer];
    assert.equal(answer.toString("hex"), "20020000");
    next.destroy();
  });

  test("end a connection of AMQP at a frame that is too large or too small, and say why", async () => {
    for (const [size, reason] of [
      ["ffffffff", "AMQP: frame-too-large"],
      ["00000007", "AMQP: frame-too-small"],
    ] as const) {
      const told = toldOf("amqp", (event) => event.type === "failed" && event.reason === reason);
      await endsAfter("amqp", Buffer.concat([amqpHeader, Buffer.from(size, "hex")]));
      await told;
    }
  });

  test("do not hear datagrams from the network's own ports: two echoes would never end", () => {
    const address = { host: "127.0.0.1", port: 1 };
    const endpoint = new CarriedEndpoint({ address, mtu: 100, send: () => undefined, close: () => Promise.resolve() });
    const heard: number[] = [];
    const here = { manifest: () => network.manifest, traffic: new TrafficLog() };
    listenToStrangers(here, endpoint, "udp-echo", (_bytes, from) => heard.push(from.port));
    const own = network.service("udp-twice").port;
    for (const port of [own, 2]) endpoint.deliver(Buffer.from("ping"), { host: "127.0.0.1", port });
    assert.deepEqual(heard, [2]);
  });

  test("cancel an observation that nobody acknowledges, after eight notifications at most", async () => {
    const { host, port } = network.service("coap");
    const socket = createSocket("udp4");
    let notifications = 0;
    socket.on("message", () => {
      notifications += 1;
    });
    const begun = once(socket, "message");
    // A confirmable GET of /obs with Observe 0 and no token.
    socket.send(Buffer.from("4001000160536f6273", "hex"), port, host);
    await begun;
    for (let tick = 0; tick < 12; tick += 1) {
      const before = notifications;
      network.clock.advance(1000);
      // Those of a second that is over come before the answer to a ping that is sent after them.
      socket.send(Buffer.from([0x40, 0, 0x10, tick]), port, host);
      while (!(await pinged(socket, tick))) assert.ok(notifications >= before);
    }
    socket.close();
    const told = network.traffic.filter((event) => event.type === "said" && event.line.startsWith("notification"));
    assert.ok(told.length >= 4 && told.length <= 8, `${told.length} notifications`);
  });

  test("forget requests of CoAP that come again, but those of late", async () => {
    const { host, port } = network.service("coap");
    const socket = createSocket("udp4");
    const answers: string[] = [];
    // A confirmable POST of /test, three times with one message ID: it is answered alike, and done once.
    for (let count = 0; count < 3; count += 1) {
      socket.send(Buffer.from("41020042aab474657374", "hex"), port, host);
      const [answer] = (await once(socket, "message")) as [Buffer];
      answers.push(answer.toString("hex"));
    }
    socket.close();
    assert.equal(new Set(answers).size, 1);
    const answered = network.traffic.filter((event) => event.type === "said" && event.line.endsWith(" 66"));
    assert.deepEqual(
      answered.map((event) => event.type === "said" && event.by),
      ["client", "server", "client", "client"],
    );
  });

  function open(name: ServiceName): ReturnType<typeof connect> {
    const { host, port } = network.service(name);
    return connect({ host, port });
  }

  async function endsAfter(name: ServiceName, bytes: Uint8Array): Promise<void> {
    const socket = open(name).resume();
    socket.on("error", () => undefined);
    socket.write(bytes);
    await once(socket, "close");
  }

  function toldOf(service: ServiceName, matches: (event: TrafficEvent) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const stop = network.followTraffic((event) => {
        if (event.service !== service || !matches(event)) return;
        stop();
        resolve();
      });
    });
  }
});

/** Whether the next datagram is the reset of this ping. */
async function pinged(socket: ReturnType<typeof createSocket>, messageId: number): Promise<boolean> {
  const [answer] = (await once(socket, "message")) as [Buffer];
  return answer.length === 4 && answer[0] === 0x70 && answer[3] === messageId;
}

/** The fixed header of a retained PUBLISH with so much behind it. */
function publishHead(remaining: number): Buffer {
  return Buffer.of(0x31, (remaining & 127) | 128, ((remaining >> 7) & 127) | 128, remaining >> 14);
}
