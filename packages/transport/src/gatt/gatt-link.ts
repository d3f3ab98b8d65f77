import { TransportError } from "@fairlead/core";
import { HeldListener } from "../framed/held-listener.ts";
import type { MessageLink } from "../framed/message-link.ts";
import { type GattPeripheral, type GattUuids, nordicUart } from "./gatt-peripheral.ts";

/** How a pair of characteristics is used. */
export interface GattLinkOptions {
  /** Nordic's UART service by default. */
  readonly uuids?: GattUuids | undefined;
  /**
   * Whether what is written is not confirmed by the device: some times faster, and what the device has no room for is lost.
   * By default only where the characteristic knows no other way.
   */
  readonly withoutResponse?: boolean | undefined;
}

/**
 * Connects to a device, and carries messages by its characteristics: one write or notification each, of the MTU less three
 * bytes. Pairing and who may connect are the system's business; what must be secret needs TLS above.
 *
 * @throws TransportError GATT_SERVICE_MISSING; what the library rejects with; or the signal's reason, and then the device is
 * disconnected.
 */
export async function gattLink(
  peripheral: GattPeripheral,
  options: GattLinkOptions = {},
  signal?: AbortSignal,
): Promise<MessageLink> {
  signal?.throwIfAborted();
  const peer = peripheral.id;
  const held = new HeldListener();
  const gone = Promise.withResolvers<never>();
  gone.promise.catch(() => undefined);
  let isClosed = false;
  const leave = (): void => {
    if (isClosed) return;
    isClosed = true;
    peripheral.removeListener("disconnect", disconnected);
    peripheral.disconnectAsync().catch(() => undefined);
    held.ended(undefined);
  };
  const abort = (): void => {
    gone.reject(signal?.reason);
    leave();
  };
  const disconnected = (): void => {
    gone.reject(new TransportError("CONNECTION_RESET", { peer, operation: "connect", detail: "the device has gone" }));
    isClosed = true;
    held.ended(undefined);
  };
  signal?.addEventListener("abort", abort, { once: true });
  try {
    const prepared = prepare(peripheral, options, () => {
      peripheral.once("disconnect", disconnected);
    });
    const { write, notify } = await Promise.race([prepared, gone.promise]);
    const withoutResponse = options.withoutResponse ?? !write.properties.includes("write");
    notify.on("data", (bytes) => {
      // The library may use its buffer again.
      held.message(new Uint8Array(bytes));
    });
    await Promise.race([notify.subscribeAsync(), gone.promise]);
    return {
      peer,
      get maxMessageBytes() {
        return (peripheral.mtu ?? smallestMtu) - attHeadBytes;
      },
      async send(message) {
        if (isClosed) throw new TransportError("STREAM_CLOSED", { peer, operation: "send" });
        await Promise.race([write.writeAsync(Buffer.from(message), withoutResponse), gone.promise]);
      },
      listen(listener) {
        held.listen(listener);
      },
      close: leave,
    };
  } catch (error) {
    leave();
    throw error;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

async function prepare(peripheral: GattPeripheral, { uuids = nordicUart }: GattLinkOptions, onConnected: () => void) {
  if (peripheral.state !== "connected") await peripheral.connectAsync();
  onConnected();
  const names = { service: plain(uuids.service), write: plain(uuids.write), notify: plain(uuids.notify) };
  const { characteristics } = await peripheral.discoverSomeServicesAndCharacteristicsAsync(
    [names.service],
    [names.write, names.notify],
  );
  const write = characteristics.find(({ uuid }) => plain(uuid) === names.write);
  const notify = characteristics.find(({ uuid }) => plain(uuid) === names.notify);
  if (write === undefined || notify === undefined) {
    const detail = `service ${uuids.service} with ${uuids.write} and ${uuids.notify}`;
    throw new TransportError("GATT_SERVICE_MISSING", { peer: peripheral.id, operation: "discover", detail });
  }
  return { write, notify };
}

function plain(uuid: string): string {
  return uuid.replaceAll("-", "").toLowerCase();
}

/** What every device takes, and what ATT puts before a value. Bluetooth Core 5.4, volume 3, part F, sections 3.2.8 and 3.4. */
const smallestMtu = 23;
const attHeadBytes = 3;
