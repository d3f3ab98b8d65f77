import type { Duplex } from "node:stream";
import { openLinkStream, type OpenLinkStreamOptions } from "../framed/open-link-stream.ts";
import { gattLink, type GattLinkOptions } from "./gatt-link.ts";
import type { GattPeripheral } from "./gatt-peripheral.ts";
import { plainStream } from "./plain-stream.ts";

/** How a device is connected to. */
export interface ConnectGattOptions extends GattLinkOptions, Omit<OpenLinkStreamOptions, "connect"> {
  /**
   * What runs between the characteristics. `resumable`, by default: flow control, half-close, and streams that outlive the
   * connection; the other end is `acceptLinkStreams`. `plain`: the bytes alone, as devices with a UART service speak, where
   * what is lost is lost, and a connection that breaks ends the stream.
   */
  readonly protocol?: "resumable" | "plain" | undefined;
}

/**
 * Opens a byte stream to a device nearby, over a pair of GATT characteristics.
 *
 * @throws as `openLinkStream` and `gattLink`.
 *
 * @example
 * const [peripheral] = await once(noble, "discover");
 * const stream = await connectGatt(peripheral);
 * const socket = await backend.connect(stream, { host: "device.example", trust });
 */
export async function connectGatt(peripheral: GattPeripheral, options: ConnectGattOptions = {}): Promise<Duplex> {
  const { protocol = "resumable", uuids, withoutResponse, ...rest } = options;
  const terms: GattLinkOptions = { uuids, withoutResponse };
  if (protocol === "plain") return plainStream(await gattLink(peripheral, terms, options.signal));
  return openLinkStream({ peer: peripheral.id, ...rest, connect: (signal) => gattLink(peripheral, terms, signal) });
}
