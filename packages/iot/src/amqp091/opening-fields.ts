import { Buffer } from "node:buffer";
import type { BrokerCredentials } from "../messaging/broker-options.ts";

/** What a client and a broker of AMQP 0-9-1 agree on. */
export interface Amqp091ConnectionOptions {
  /** Seconds; what the broker says by default, and 0 for none. */
  readonly heartbeatSeconds?: number | undefined;
  /** What the broker shows of this connection, such as `connection_name`. */
  readonly clientProperties?: Readonly<Record<string, string | number | boolean>> | undefined;
  /** Channels at the most; as many as the broker allows by default. */
  readonly channelMax?: number | undefined;
  /** Bytes of a frame, 4,096 or more; 131,072 by default. */
  readonly frameMax?: number | undefined;
}

const FRAME_BYTES = 131_072;

/**
 * What the library sends to open a connection, in its own form.
 *
 * @see AMQP 0-9-1 section 1.4.2, "connection"
 */
export function openingFields(
  credentials: BrokerCredentials | undefined,
  virtualHost: string,
  { heartbeatSeconds, clientProperties, channelMax = 0, frameMax = FRAME_BYTES }: Amqp091ConnectionOptions,
): object {
  return {
    ...login(credentials),
    clientProperties: {
      product: "fairlead",
      capabilities: {
        publisher_confirms: true,
        exchange_exchange_bindings: true,
        "basic.nack": true,
        consumer_cancel_notify: true,
        "connection.blocked": true,
        // A login that is refused is told so, and not by a connection that ends.
        authentication_failure_close: true,
      },
      ...clientProperties,
    },
    ...{ locale: "en_US", channelMax, frameMax, maxFrameSize: frameMax, heartbeat: heartbeatSeconds ?? null },
    ...{ virtualHost, capabilities: "", insist: 0 },
  };
}

function login(credentials: BrokerCredentials | undefined): { readonly mechanism: string; readonly response: Buffer } {
  switch (credentials?.type) {
    case "certificate":
      return { mechanism: "EXTERNAL", response: Buffer.alloc(0) };
    case "password":
      return { mechanism: "PLAIN", response: Buffer.from(`\0${credentials.username}\0${credentials.password}`) };
    case undefined:
      return { mechanism: "ANONYMOUS", response: Buffer.alloc(0) };
  }
}
