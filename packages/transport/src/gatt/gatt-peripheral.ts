/**
 * What is used of a device nearby: a `Peripheral` of @stoprocent/noble or @abandonware/noble is one, and so is what a test
 * or another library makes.
 */
export interface GattPeripheral {
  readonly id: string;
  /** `connected` while it is. */
  readonly state: string;
  /** The ATT MTU that was agreed on, head included; `null` where nobody knows. */
  readonly mtu: number | null;
  connectAsync(): Promise<void>;
  disconnectAsync(): Promise<void>;
  /** UUIDs in lower case, without dashes. */
  discoverSomeServicesAndCharacteristicsAsync(
    services: string[],
    characteristics: string[],
  ): Promise<{ readonly characteristics: readonly GattCharacteristic[] }>;
  once(event: "disconnect", listener: () => void): unknown;
  removeListener(event: "disconnect", listener: () => void): unknown;
}

/** One value of a device. */
export interface GattCharacteristic {
  /** Lower case, without dashes. */
  readonly uuid: string;
  /** Of which `write`, `writeWithoutResponse`, `notify` and `indicate` count here. */
  readonly properties: readonly string[];
  writeAsync(bytes: Buffer, withoutResponse: boolean): Promise<void>;
  subscribeAsync(): Promise<void>;
  on(event: "data", listener: (bytes: Buffer) => void): unknown;
  removeListener(event: "data", listener: (bytes: Buffer) => void): unknown;
}

/** The characteristics that bytes go by. With dashes or without. */
export interface GattUuids {
  readonly service: string;
  /** What is written to. */
  readonly write: string;
  /** What notifies. */
  readonly notify: string;
}

/** Those of Nordic's UART service, which many devices have in place of a serial line. */
export const nordicUart: GattUuids = {
  service: "6e400001-b5a3-f393-e0a9-e50e24dcca9e",
  write: "6e400002-b5a3-f393-e0a9-e50e24dcca9e",
  notify: "6e400003-b5a3-f393-e0a9-e50e24dcca9e",
};
