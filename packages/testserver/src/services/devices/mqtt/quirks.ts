import type { Socket } from "node:net";
import type { NetworkContext } from "../../network-context.ts";
import type { ServiceSelf, StreamDriver } from "../../service-entry.ts";
import { lineOf, maxPacketBytes } from "./packet-stream.ts";
import { type MqttPacket, MqttPacketReader, readMqttText } from "./protocol/read-packets.ts";

/** What is done about a packet: these bytes are sent, and then the connection is ended where it says so. */
export interface MqttReaction {
  readonly send?: readonly Uint8Array[];
  readonly then?: "close" | "reset";
}

/** How a server that is written by hand departs from what it should do: by the type of the packet that comes. */
export type MqttQuirk = Readonly<Partial<Record<number, (packet: MqttPacket) => MqttReaction>>>;

/** Types of packets that clients send. MQTT 3.1.1 section 2.2.1. */
export const mqttTypes = { connect: 1, publish: 3, subscribe: 8, pingRequest: 12, disconnect: 14 } as const;

/** Speaks MQTT 3.1.1 by hand, as far as a client comes before its quirk shows. */
export function openQuirk({ traffic }: NetworkContext, { name: service }: ServiceSelf, quirk: MqttQuirk): StreamDriver {
  const reactions: MqttQuirk = { ...usual, ...quirk };
  return {
    accept: (socket, { number }) => {
      const reader = new MqttPacketReader(maxPacketBytes);
      socket.on("data", (chunk) => {
        for (const packet of reader.read(chunk)) {
          traffic.add({ type: "said", service, connection: number, by: "client", line: lineOf(packet) });
          if (socket.writable) react(socket, reactions[packet.type]?.(packet) ?? {});
        }
        if (reader.flaw !== undefined) socket.destroy();
      });
    },
  };
}

function react(socket: Socket, { send = [], then }: MqttReaction): void {
  for (const bytes of send) socket.write(bytes);
  if (then === "close") socket.end();
  else if (then === "reset") socket.resetAndDestroy();
}

/** CONNACK with a return code; 0 lets the client in. */
export function connack(code: number): Uint8Array {
  return Uint8Array.of(0x20, 2, 0, code);
}

/** The client identifier of a CONNECT; empty where it cannot be read. MQTT 3.1.1 section 3.1. */
export function clientIdOf({ body }: MqttPacket): string {
  const protocol = readMqttText(body, 0) ?? "";
  // Its name, level, flags and keep-alive come first.
  return readMqttText(body, 2 + protocol.length + 4) ?? "";
}

/** The packet identifier of a PUBLISH of quality 1 or 2, as two bytes; `undefined` for quality 0. */
export function packetIdOf({ flags, body }: MqttPacket): readonly [high: number, low: number] | undefined {
  if ((flags & 6) === 0) return undefined;
  const [topicHigh = 0, topicLow = 0] = body;
  const at = 2 + ((topicHigh << 8) | topicLow);
  const [high = 0, low = 0] = body.subarray(at, at + 2);
  return [high, low];
}

/** A PUBLISH of a short text. */
export function publish(flags: number, topic: string, packetId: readonly number[], text: string): Uint8Array {
  const name = Buffer.from(topic);
  const body = Buffer.concat([Uint8Array.of(0, name.length), name, Uint8Array.from(packetId), Buffer.from(text)]);
  return Buffer.concat([Uint8Array.of(0x30 | flags, body.length), body]);
}

/** SUBACK for the packet that asks, with one code for each filter. */
export function suback({ body }: MqttPacket, code: number): Uint8Array {
  let filters = 0;
  for (let at = 2; at + 2 < body.length; filters += 1) {
    const [high = 0, low = 0] = body.subarray(at, at + 2);
    at += 2 + ((high << 8) | low) + 1;
  }
  const [high = 0, low = 0] = body;
  const count = Math.min(filters, 100);
  return Uint8Array.of(0x90, 2 + count, high, low, ...Array.from({ length: count }, () => code));
}

const usual: MqttQuirk = {
  [mqttTypes.connect]: () => ({ send: [connack(0)] }),
  [mqttTypes.publish]: (packet) => {
    const id = packetIdOf(packet);
    return id === undefined ? {} : { send: [Uint8Array.of(0x40, 2, ...id)] };
  },
  [mqttTypes.subscribe]: (packet) => ({ send: [suback(packet, 0)] }),
  [mqttTypes.pingRequest]: () => ({ send: [Uint8Array.of(0xd0, 0)] }),
  [mqttTypes.disconnect]: () => ({ then: "close" }),
};
