import type { Connection } from "rhea";
import { BrokerLine } from "../messaging/broker-line.ts";
import type { BrokerOptions } from "../messaging/broker-options.ts";
import { readBrokerUrl } from "../messaging/broker-url.ts";
import { loadLibrary } from "../messaging/load-library.ts";
import { refuseOptions } from "../messaging/refuse-options.ts";
import { refusePath } from "../messaging/refuse-path.ts";
import type { Network } from "../network.ts";
import { openConnection } from "./amqp-session.ts";
import { refusedOptions, type AmqpConnectionOptions } from "./amqp-connection-options.ts";

/** What a peer of AMQP 1.0 is told, and how it is reached. */
export interface AmqpOptions extends BrokerOptions {
  /**
   * Options of the library `rhea`: `container_id`, `hostname` (a virtual host), `idle_time_out`, `max_frame_size` (1 MiB by
   * default) and others. Those are refused that open connections, which are the network's.
   */
  readonly connection?: AmqpConnectionOptions | undefined;
}

/**
 * Connects to a peer of AMQP 1.0 over the network of an application, and gives the connection of the library `rhea` once
 * it is open, in a container of its own. One that is lost is opened again, with its sessions and links; `close()` of the
 * connection ends it for good.
 *
 * @param url `amqp://host` or, by TLS, `amqps://host`, with a port where it is not 5672 or 5671.
 * @throws AuthenticationError BROKER_LOGIN_REFUSED; ProtocolError BROKER_REFUSED; TransportError; TlsError; TimeoutError;
 * PolicyError AUTHENTICATION_REFUSED and others; UsageError PACKAGE_MISSING, OPTION_INVALID, URL_INVALID,
 * URL_SCHEME_UNKNOWN, URL_USER_INFORMATION; or the signal's reason.
 *
 * @example
 * const connection = await connectAmqp(manager, "amqps://broker.example", {
 *   onCredentials: async () => ({ type: "password", username: "orders", password: await vault.read("broker") }),
 * });
 * connection.open_receiver("orders").on("message", ({ message }) => console.log(message?.body));
 */
export async function connectAmqp(network: Network, url: string | URL, options: AmqpOptions = {}): Promise<Connection> {
  const { connection: own = {} } = options;
  refuseOptions(own, "connection", refusedOptions);
  const broker = readBrokerUrl(url, { clear: "amqp:", secure: "amqps:" });
  refusePath(broker, "leave it out, and name a virtual host as connection.hostname");
  const line = new BrokerLine(network, broker, options);
  const { default: library } = await loadLibrary("rhea", () => import("rhea"));
  return line.first((connection) => openConnection({ library, line, own }, connection));
}
