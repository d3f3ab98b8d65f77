import { Transform } from "node:stream";
import { type MqttPacket, MqttPacketReader, readMqttText } from "./protocol/read-packets.ts";

/** Bytes of the largest packet that a client may send. */
export const maxPacketBytes = 262_144;

/**
 * Lets bytes through a packet at a time, and fails at what is no MQTT or too large: a broker behind it never has to keep
 * what a client only announces.
 */
export function packetGate(tell: (line: string) => void): Transform {
  const reader = new MqttPacketReader(maxPacketBytes);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (const packet of reader.read(chunk)) {
        tell(lineOf(packet));
        this.push(packet.bytes);
      }
      done(reader.flaw === undefined ? null : new Error(`MQTT: ${reader.flaw}`));
    },
  });
}

const typeNames = (
  "reserved CONNECT CONNACK PUBLISH PUBACK PUBREC PUBREL PUBCOMP SUBSCRIBE SUBACK UNSUBSCRIBE UNSUBACK PINGREQ " +
  "PINGRESP DISCONNECT reserved"
).split(" ");

/** One printable line: `PUBLISH sensors/1`. Never a payload, a user or a password. */
export function lineOf({ type, body }: MqttPacket): string {
  const topicAt = type === 3 ? 0 : type === 8 ? 2 : undefined;
  const topic = topicAt === undefined ? undefined : readMqttText(body, topicAt);
  const name = typeNames[type] ?? "reserved";
  return topic === undefined ? name : `${name} ${topic.replace(/[^\x20-\x7e]/g, "?").slice(0, 200)}`;
}
