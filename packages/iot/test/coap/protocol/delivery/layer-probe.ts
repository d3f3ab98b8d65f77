import {
  completeTransmission,
  defaultDeliveryLimits,
  type CoapDeliveryLimits,
  type CoapTransmission,
  type DeliveryEffect,
  MemoryBudget,
  MessageLayer,
  type ReceivedRequest,
} from "../../../../src/coap/protocol/delivery/index.ts";
import { type CoapMessage, readCoapMessage, writeCoapMessage } from "@fairlead/iot/coap/protocol";

/** How a probe differs from the ordinary. */
export interface ProbeOptions {
  readonly transmission?: Partial<CoapTransmission>;
  readonly limits?: Partial<CoapDeliveryLimits>;
  readonly budget?: MemoryBudget;
  readonly maxMessageBytes?: number;
  /** 0 by default: waits are the shortest, message IDs begin at 0. */
  readonly random?: () => number;
}

/** A message layer whose owners are names, and whose effects are told in one line each. */
export class LayerProbe {
  readonly layer: MessageLayer<string, string, string>;
  readonly requests: ReceivedRequest<string>[] = [];
  /** The datagrams that it sent. */
  readonly sent: Uint8Array[] = [];
  now = 0;

  constructor({ transmission, limits, budget, maxMessageBytes = 1_152, random = () => 0 }: ProbeOptions = {}) {
    this.layer = new MessageLayer({
      transmission: completeTransmission(transmission),
      limits: { ...defaultDeliveryLimits, ...limits },
      budget: budget ?? new MemoryBudget(2 ** 30),
      ...{ maxMessageBytes, random },
    });
  }

  /** Tells effects, and keeps what they bring. */
  tell(effects: readonly DeliveryEffect<string, string, string>[]): readonly string[] {
    return effects.map((effect) => {
      switch (effect.type) {
        case "send":
          this.sent.push(effect.bytes);
          return `send ${describeMessage(effect.bytes)}`;
        case "request":
          this.requests.push(effect.received);
          return `request ${effect.received.message.code}`;
        case "request-over":
          return `over ${effect.received.message.code}`;
        case "response":
          return `response ${effect.exchange} ${effect.response.code}`;
        case "acknowledged":
          return `acknowledged ${effect.exchange}`;
        case "failed":
          return `failed ${effect.exchange} ${effect.reason}`;
        case "sent":
          return `sent ${effect.sending}`;
        case "not-sent":
          return `not-sent ${effect.sending} ${effect.reason}`;
      }
    });
  }

  receive(message: Partial<CoapMessage> | Uint8Array, isMulticast = false): readonly string[] {
    const bytes = message instanceof Uint8Array ? message : writeCoapMessage({ ...plain, ...message });
    return this.tell(this.layer.receive(bytes, this.now, isMulticast));
  }

  /** Lets time go on to the next thing that is due, until this time; tells each with the second when it was. */
  until(end: number): readonly string[] {
    const lines: string[] = [];
    while (this.layer.wakeAt <= end) {
      this.now = this.layer.wakeAt;
      const before = this.layer.wakeAt;
      for (const line of this.tell(this.layer.advance(this.now))) lines.push(`${String(this.now / 1_000)} ${line}`);
      if (this.layer.wakeAt <= before) throw new Error("what was due is due still");
    }
    this.now = end;
    return lines;
  }
}

/** `CON 0.01 #7`: type, code and message ID. */
export function describeMessage(bytes: Uint8Array): string {
  const reading = readCoapMessage(bytes);
  if (reading.type !== "message") return reading.type;
  const { type, code, messageId } = reading.message;
  return `${names[type]} ${code} #${String(messageId)}`;
}

const names = { confirmable: "CON", "non-confirmable": "NON", acknowledgement: "ACK", reset: "RST" } as const;

/** A confirmable GET with message ID 7. */
const plain: CoapMessage = {
  ...{ type: "confirmable", code: "0.01", messageId: 7, options: [] },
  ...{ token: Uint8Array.of(1, 2), payload: new Uint8Array(0) },
};
