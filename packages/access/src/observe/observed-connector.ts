import type { TlsSocket } from "@fairlead/tls";
import type { Connector, OpenedConnection } from "../pool/connector.ts";
import type { Observers } from "./observers.ts";
import type { Tally } from "./tally.ts";

/** Counts connections as they are opened and closed, and tells of them whoever wants to know. */
export function observedConnector(connect: Connector, observers: Observers, tally: Tally): Connector {
  return async (request) => {
    const { origin, secure } = request.target;
    let opened: OpenedConnection;
    try {
      opened = await connect(request);
    } catch (error) {
      // Nobody waited for it any more.
      if (request.signal.aborted) throw error;
      tally.connectionFailed();
      observers.connectionFailed(error, origin);
      throw error;
    }
    const { facts, stream } = opened;
    tally.connectionOpened();
    observers.connectionOpened(facts, origin);
    if (secure) countHandshake(opened, tally);
    stream.once("close", () => {
      tally.connectionClosed();
      observers.connectionClosed(facts, origin);
    });
    return opened;
  };
}

/** With early data the socket is there before its handshake is over, and whether it resumes is not known until then. */
function countHandshake({ isEarly, facts, stream }: OpenedConnection, tally: Tally): void {
  const count = (): void => {
    if (facts.tls !== undefined) tally.handshake(facts.tls);
  };
  // What is secured is a socket of TLS.
  if (isEarly) (stream as TlsSocket).handshakeDone.then(count, () => undefined);
  else count();
}
