import { createServer, type Socket } from "node:net";
import { connectTcp, connectUnix } from "@fairlead/transport";
import { ConnectionLog } from "../connection-log.ts";
import { faultEvent, joinThroughFaults, refusalOf } from "../faults/fault-path.ts";
import { reset } from "../faults/reset.ts";
import { bind } from "../gate/bind.ts";
import { type RelayPort, type RelayPortOptions, relayName } from "./relay-port.ts";
import { formatRelayTarget, type RelayTarget } from "./relay-target.ts";

/** Listens for connections, and joins each to one of its own to the server. */
export async function openStreamRelay(options: RelayPortOptions): Promise<RelayPort> {
  const { to, faults, traffic, connectTimeoutMilliseconds } = options;
  let lastNumber = 0;
  const connections = new ConnectionLog({ service: relayName, nextNumber: () => (lastNumber += 1), traffic });
  const closing = new AbortController();

  const relay = async (client: Socket): Promise<void> => {
    const { number } = connections.add(client);
    const refusing = refusalOf(faults);
    if (refusing !== undefined) {
      traffic.add(faultEvent(relayName, number, refusing, "refuses a connection"));
      reset(client);
      return;
    }
    const gone = new AbortController();
    client.once("close", () => gone.abort());
    const deadline = AbortSignal.timeout(connectTimeoutMilliseconds);
    try {
      const server = await connectTo(to, AbortSignal.any([closing.signal, gone.signal, deadline]));
      server.on("error", ignoreError);
      joinThroughFaults(client, server, faults, (active, did) => {
        traffic.add(faultEvent(relayName, number, active, did));
      });
    } catch (error) {
      const late = `${formatRelayTarget(to)} did not accept within ${connectTimeoutMilliseconds} ms`;
      const reason = deadline.aborted ? late : error instanceof Error ? error.message : String(error);
      if (!gone.signal.aborted) traffic.add({ type: "failed", service: relayName, connection: number, reason });
      reset(client);
    }
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => void relay(client));
  const { address, port } = await bind(server, options.host, options.port);
  return {
    host: address,
    port,
    get connections() {
      return connections.counts;
    },
    close: async () => {
      closing.abort(new Error("the relay was closed"));
      faults.endAll();
      connections.destroyAll();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

function connectTo(to: RelayTarget, signal: AbortSignal): Promise<Socket> {
  return "path" in to
    ? connectUnix({ path: to.path, signal, allowHalfOpen: true })
    : connectTcp({ host: to.host, port: to.port, signal, allowHalfOpen: true });
}

// Both ends come and go as they like; what that means for the other is the lanes' business.
function ignoreError(): void {
  // Nothing to do: "close" follows and cleans up.
}
