import type { TlsSocket } from "@fairlead/tls";
import { closing } from "../stream/index.ts";
import { goodHost, type Certificates } from "./certificates.ts";
import type { PairOptions, TlsPairing } from "./pairing.ts";
import type { OpenTransport } from "./transports.ts";

/** What each side failed with, in the handshake or after it; `undefined` for one that saw nothing wrong. */
export interface Outcomes {
  readonly client: unknown;
  readonly server: unknown;
}

/**
 * Runs one connection to its end: each side that is secured says nothing and ends. A client of TLS 1.3 hears of its
 * refusal only after its handshake.
 */
export async function outcomes(
  pairing: TlsPairing,
  certificates: Certificates,
  open: OpenTransport,
  options: PairOptions = {},
): Promise<Outcomes> {
  const below = await open();
  const closed = Promise.all(below.map(closing));
  const connecting = pairing.client.connect(below[0], {
    host: goodHost,
    trust: certificates.trust,
    ...options.connect,
  });
  const accepting = pairing.server.accept(below[1], { identity: certificates.good, ...options.accept });
  const settled = Promise.allSettled([connecting, accepting]);
  const heard = async (secured: Promise<TlsSocket>): Promise<unknown> => {
    try {
      const socket = await secured;
      const failed = new Promise((resolve) => {
        socket.once("error", resolve).once("close", () => resolve(undefined));
      });
      try {
        options.whenSecure?.(socket);
      } catch (error) {
        socket.destroy();
        return error;
      }
      socket.resume();
      // An end that comes before the peer is done would be one more thing for it to fail with.
      await settled;
      socket.end();
      return await failed;
    } catch (error) {
      return error;
    }
  };
  const [client, server] = await Promise.all([heard(connecting), heard(accepting)]);
  await closed;
  return { client, server };
}
