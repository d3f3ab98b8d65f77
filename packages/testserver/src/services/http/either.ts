import type { NetworkContext } from "../network-context.ts";
import type { ServiceSelf, StreamDriver } from "../service-entry.ts";
import { lookAtFirstBytes } from "./first-bytes.ts";
import { openHttp } from "./http-driver.ts";
import { openHttps } from "./https-driver.ts";

/** The first byte of a TLS record that carries a handshake. RFC 8446 section 5.1. */
const HANDSHAKE_RECORD = 22;

/**
 * Speaks HTTP/1.1 in the clear or over TLS, as the first byte asks: what HSTS needs, which keeps any port but 80 where
 * it is.
 */
export async function openEither(network: NetworkContext, self: ServiceSelf): Promise<StreamDriver> {
  const plain = openHttp(network, self);
  const secure = openHttps(network, self, { identity: await network.goodIdentity() });
  return {
    accept: (socket, connection) => {
      lookAtFirstBytes(
        socket,
        () => true,
        ([first]) => {
          (first === HANDSHAKE_RECORD ? secure : plain).accept(socket, connection);
        },
      );
    },
  };
}
