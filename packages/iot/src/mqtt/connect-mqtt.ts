import { UsageError } from "@fairlead/core";
import type { MqttClient } from "mqtt";
import { BrokerLine } from "../messaging/broker-line.ts";
import type { BrokerOptions } from "../messaging/broker-options.ts";
import { readBrokerUrl } from "../messaging/broker-url.ts";
import { loadLibrary } from "../messaging/load-library.ts";
import { refuseOptions } from "../messaging/refuse-options.ts";
import { refusePath } from "../messaging/refuse-path.ts";
import type { Network } from "../network.ts";
import { logIn } from "./mqtt-session.ts";
import { webSocketNetwork } from "./websocket-stream.ts";
import { refusedOptions, type MqttClientOptions } from "./mqtt-client-options.ts";

/** What a broker of MQTT is told, and how it is reached. */
export interface MqttOptions extends BrokerOptions {
  /**
   * Options of the library `mqtt`: `protocolVersion` (4, which is MQTT 3.1.1 and its default, or 5), `clientId`, `clean`,
   * `will`, `properties`, `keepalive` and others. Those are refused that open connections, which are the network's.
   */
  readonly client?: MqttClientOptions | undefined;
  /** Bytes that one packet from the broker may have; 16 MiB by default. A broker of MQTT 5 is told. */
  readonly packetLimitBytes?: number | undefined;
}

const PACKET_LIMIT_BYTES = 16 * 1024 * 1024;
/** Of the length of a packet: 268,435,455. MQTT 5.0 section 2.1.4. */
const LONGEST_PACKET = 2 ** 28 - 1;

/**
 * Connects to a broker of MQTT 3.1.1 or 5 over the network of an application, and gives the client of the library `mqtt`
 * once the broker has let it in. A connection that is lost is opened again, with the subscriptions that there were;
 * `client.end()` ends it for good. Where it ends by itself, for a refusal that no further attempt mends, the client has
 * ended, and its `error` event tells why.
 *
 * @param url `mqtt://host` or, by TLS, `mqtts://host`, with a port where it is not 1883 or 8883; over WebSocket
 * `ws://host/path` or `wss://host/path`.
 * @throws AuthenticationError BROKER_LOGIN_REFUSED; ProtocolError BROKER_REFUSED; TransportError BROKER_UNAVAILABLE and
 * others; TlsError; TimeoutError; PolicyError AUTHENTICATION_REFUSED and others; UsageError PACKAGE_MISSING,
 * OPTION_INVALID, URL_INVALID, URL_SCHEME_UNKNOWN, URL_USER_INFORMATION; or the signal's reason.
 *
 * @example
 * const client = await connectMqtt(manager, "mqtts://broker.example", {
 *   onCredentials: async () => ({ type: "password", username: "sensor-7", password: await vault.read("broker") }),
 *   client: { protocolVersion: 5, will: { topic: "sensor-7/state", payload: Buffer.from("gone"), qos: 1, retain: true } },
 * });
 * await client.subscribeAsync("commands/#", { qos: 1 });
 */
export async function connectMqtt(network: Network, url: string | URL, options: MqttOptions = {}): Promise<MqttClient> {
  const { client: own = {}, packetLimitBytes = PACKET_LIMIT_BYTES } = options;
  refuseOptions(own, "client", refusedOptions);
  if (!(packetLimitBytes >= 1 && packetLimitBytes <= LONGEST_PACKET)) {
    const remedy = `give bytes from 1 to ${String(LONGEST_PACKET)}`;
    throw new UsageError("OPTION_INVALID", { detail: "packetLimitBytes", remedy });
  }
  const line = openLine(network, url, options);
  const library = await loadLibrary("mqtt", () => import("mqtt"));
  return line.first((connection) => logIn({ library, line, own, packetLimitBytes }, connection));
}

function openLine(network: Network, url: string | URL, options: BrokerOptions): BrokerLine {
  if (!/^wss?:/i.test(String(url))) {
    const broker = readBrokerUrl(url, { clear: "mqtt:", secure: "mqtts:" });
    refusePath(broker, "leave it out");
    return new BrokerLine(network, broker, options);
  }
  const broker = readBrokerUrl(url, { clear: "ws:", secure: "wss:" });
  if (options.alpnProtocols !== undefined) {
    const remedy = "leave it out: a WebSocket agrees on HTTP";
    throw new UsageError("OPTION_INVALID", { peer: broker.peer, detail: "alpnProtocols", remedy });
  }
  return new BrokerLine(webSocketNetwork(network, broker.peer, new URL(url).pathname), broker, options);
}
