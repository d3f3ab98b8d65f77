/** One packet of MQTT, as far as every packet is alike. MQTT 3.1.1 section 2. */
export interface MqttPacket {
  /** 1 (CONNECT) to 14 (DISCONNECT); 0 and 15 are reserved. */
  readonly type: number;
  /** The four bits beside the type. */
  readonly flags: number;
  /** What follows the fixed header. */
  readonly body: Uint8Array;
  /** The packet whole. */
  readonly bytes: Uint8Array;
}

/** Why a stream is no MQTT, or none that is taken. */
export type MqttFlaw = "length-malformed" | "packet-too-large";

/** Cuts a stream into packets, however it comes, and keeps no more than one of them. */
export class MqttPacketReader {
  readonly #limitBytes: number;
  #kept: Uint8Array = none;
  #flaw: MqttFlaw | undefined;

  /** `limitBytes` is what the largest packet has. */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Why there will be no further packets; `undefined` while all is well. */
  get flaw(): MqttFlaw | undefined {
    return this.#flaw;
  }

  /** Takes the next bytes and gives the packets that are whole. */
  read(bytes: Uint8Array): readonly MqttPacket[] {
    if (this.#flaw !== undefined) return [];
    let left = join(this.#kept, bytes);
    const packets: MqttPacket[] = [];
    for (;;) {
      const length = readLength(left);
      if (length === "need-data") break;
      if (length === "malformed" || length.end + length.value > this.#limitBytes) {
        this.#flaw = length === "malformed" ? "length-malformed" : "packet-too-large";
        left = none;
        break;
      }
      const end = length.end + length.value;
      if (end > left.length) break;
      const [first = 0] = left;
      packets.push({
        type: first >> 4,
        flags: first & 15,
        body: left.subarray(length.end, end),
        bytes: left.subarray(0, end),
      });
      left = left.subarray(end);
    }
    this.#kept = left;
    return packets;
  }
}

/** Reads text behind its length of two bytes; `undefined` where it is not whole. MQTT 3.1.1 section 1.5.3. */
export function readMqttText(body: Uint8Array, at: number): string | undefined {
  const [high = 0, low = 0] = body.subarray(at, at + 2);
  const end = at + 2 + ((high << 8) | low);
  return end > body.length ? undefined : new TextDecoder().decode(body.subarray(at + 2, end));
}

/** The remaining length: seven bits a byte, four bytes at most. MQTT 3.1.1 section 2.2.3. */
function readLength(bytes: Uint8Array): { readonly value: number; readonly end: number } | "need-data" | "malformed" {
  let value = 0;
  for (let index = 0; index < 4; index += 1) {
    const byte = bytes[1 + index];
    if (byte === undefined) return "need-data";
    value += (byte & 127) * 128 ** index;
    if (byte < 128) return { value, end: index + 2 };
  }
  return "malformed";
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

const none = new Uint8Array(0);
