import { EventEmitter } from "node:events";
import type { MessageLink, MessageLinkListener } from "@fairlead/transport/framed";
import type { GattCharacteristic, GattPeripheral } from "@fairlead/transport/gatt";
import { nordicUart } from "@fairlead/transport/gatt";

/** A radio link that is not there. */
export interface SimulatedGattOptions {
  /** Bytes of one write or notification; the ATT MTU is three more. 20 by default. */
  readonly mtu?: number;
  /** Milliseconds that a message takes, by a number from 0 to 1; none by default. */
  readonly delayMilliseconds?: (random: number) => number;
  /** After so many messages on one connection it breaks, with all that is under way. Never by default. */
  readonly breaksAfter?: (connection: number) => number;
  readonly random?: () => number;
  /** What the device does with each connection. */
  readonly onLink: (link: MessageLink) => void;
}

/** A device with a UART service, as a library for Bluetooth shows it. */
export interface SimulatedGatt {
  readonly peripheral: GattPeripheral;
  /** How often somebody connected. */
  readonly connections: number;
  /** Goes out of range. */
  break(): void;
}

/** Makes a device in memory whose every connection is a link of its own. */
export function simulateGatt(options: SimulatedGattOptions): SimulatedGatt {
  const peripheral = new SimulatedPeripheral(options);
  return {
    peripheral,
    get connections() {
      return peripheral.connections;
    },
    break() {
      peripheral.break();
    },
  };
}

class SimulatedPeripheral extends EventEmitter implements GattPeripheral {
  readonly id = "00:11:22:33:44:55";
  readonly mtu: number;
  connections = 0;
  readonly #options: SimulatedGattOptions;
  #radio: Radio | undefined;

  constructor(options: SimulatedGattOptions) {
    super();
    this.#options = options;
    this.mtu = (options.mtu ?? 20) + 3;
  }

  get state(): string {
    return this.#radio === undefined ? "disconnected" : "connected";
  }

  async connectAsync(): Promise<void> {
    await Promise.resolve();
    this.connections += 1;
    const radio = new Radio(this.#options, this.connections, () => {
      if (this.#radio !== radio) return;
      this.#radio = undefined;
      this.emit("disconnect");
    });
    this.#radio = radio;
    this.#options.onLink(deviceLink(radio, this.#options.mtu ?? 20));
  }

  async disconnectAsync(): Promise<void> {
    await Promise.resolve();
    this.#radio?.break();
  }

  async discoverSomeServicesAndCharacteristicsAsync(
    services: string[],
  ): Promise<{ readonly characteristics: readonly GattCharacteristic[] }> {
    await Promise.resolve();
    const radio = this.#radio;
    if (radio === undefined) throw new Error("not connected");
    if (services[0] !== plain(nordicUart.service)) return { characteristics: [] };
    const notify = new EventEmitter();
    return {
      characteristics: [
        {
          uuid: plain(nordicUart.write),
          properties: ["write", "writeWithoutResponse"],
          writeAsync: (bytes) => radio.carry("toDevice", bytes),
          subscribeAsync: () => Promise.resolve(),
          ...{ on: () => undefined, removeListener: () => undefined },
        },
        {
          uuid: plain(nordicUart.notify),
          properties: ["notify"],
          writeAsync: () => Promise.reject(new Error("not writable")),
          subscribeAsync: () => {
            radio.toCentral = (bytes) => notify.emit("data", bytes);
            return Promise.resolve();
          },
          on: (event, listener) => notify.on(event, listener),
          removeListener: (event, listener) => notify.off(event, listener),
        },
      ],
    };
  }

  break(): void {
    this.#radio?.break();
  }
}

/** One connection: messages in order, each after a while, until it breaks. */
class Radio {
  toCentral: ((bytes: Buffer) => void) | undefined;
  toDevice: ((bytes: Buffer) => void) | undefined;
  isBroken = false;
  readonly broken: (() => void)[] = [];
  readonly #options: SimulatedGattOptions;
  readonly #last = { toCentral: Promise.resolve(), toDevice: Promise.resolve() };
  #left: number;

  constructor(options: SimulatedGattOptions, connection: number, onBroken: () => void) {
    this.#options = options;
    this.#left = options.breaksAfter?.(connection) ?? Infinity;
    this.broken.push(onBroken);
  }

  carry(way: "toCentral" | "toDevice", bytes: Uint8Array): Promise<void> {
    const copy = Buffer.from(bytes);
    if (this.isBroken) return Promise.reject(new Error("disconnected"));
    if (copy.length > (this.#options.mtu ?? 20)) return Promise.reject(new Error("longer than the MTU"));
    const arrived = this.#last[way]
      .then(() => this.#travel())
      .then(() => {
        if (this.isBroken) return;
        this.#left -= 1;
        if (this.#left < 0) this.break();
        else this[way]?.(copy);
      });
    this.#last[way] = arrived;
    return arrived;
  }

  break(): void {
    if (this.isBroken) return;
    this.isBroken = true;
    for (const tell of this.broken) tell();
  }

  async #travel(): Promise<void> {
    const { delayMilliseconds, random = () => 0.5 } = this.#options;
    await new Promise<void>((resolve) => {
      if (delayMilliseconds === undefined) setImmediate(resolve);
      else setTimeout(resolve, delayMilliseconds(random()));
    });
  }
}

/** The device's end. */
function deviceLink(radio: Radio, maxMessageBytes: number): MessageLink {
  let listener: MessageLinkListener | undefined;
  const early: Uint8Array[] = [];
  radio.toDevice = (bytes) => {
    if (listener === undefined) early.push(bytes);
    else listener.message(bytes);
  };
  radio.broken.push(() => listener?.ended(undefined));
  return {
    peer: "central",
    maxMessageBytes,
    send: (message) => radio.carry("toCentral", message),
    listen(next) {
      listener = next;
      for (const bytes of early.splice(0)) next.message(bytes);
    },
    close() {
      radio.break();
    },
  };
}

function plain(uuid: string): string {
  return uuid.replaceAll("-", "");
}
