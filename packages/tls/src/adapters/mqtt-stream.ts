import type { Duplex } from "node:stream";
import { LaterStream } from "./later-stream.ts";
import { type AdapterAddress, type AdapterOptions, openSecure } from "./open-secure.ts";
import { refuseForeignOptions } from "./foreign-options.ts";

/**
 * Makes the stream builder of an `MqttClient`: a new connection to the broker each time the client wants one. The client's
 * own TLS settings are refused: they belong here.
 *
 * @example
 * const client = new MqttClient(mqttStream({ host: "broker.example", port: 8883 }, { backend: loadGnutlsTls() }), {});
 */
export function mqttStream(
  address: AdapterAddress,
  options: AdapterOptions = {},
): (client?: { readonly options?: object }) => Duplex {
  return (client) =>
    new LaterStream(async (signal) => {
      refuseForeignOptions({ ...client?.options });
      return openSecure(options, { ...address, signal });
    });
}
