import { once } from "node:events";
import { connect, isIP, type Socket } from "node:net";
import type { NetworkContext } from "../network-context.ts";
import { isOfTheNetwork, type ProxyTarget } from "./protocol/target.ts";

/**
 * Whether a proxy of the network goes there: to this machine and to names of the network only. Where others than this
 * machine can reach the proxy, only to services of the network, since it would open the rest of the machine to them.
 */
export function mayReach({ host, manifest }: NetworkContext, target: ProxyTarget): boolean {
  if (!isOfTheNetwork(target.host)) return false;
  return isOfTheNetwork(host) || manifest().services.some(({ port }) => port === target.port);
}

/** Why there is no way to a target. */
export type Unreachable = "not-allowed" | "refused" | "unreachable";

/** Says why a connection did not come about, from the system's error. */
export function whyUnreachable(error: unknown): Unreachable {
  if (error instanceof NotAllowed) return "not-allowed";
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ECONNREFUSED" ? "refused" : "unreachable";
}

/** The target is none that a proxy of the network goes to. */
export class NotAllowed extends Error {}

/** Connects to a target, which owns the socket from then on. Rejects with {@link NotAllowed} or the system's error. */
export async function reach(network: NetworkContext, target: ProxyTarget): Promise<Socket> {
  const { host, port } = target;
  if (!mayReach(network, target)) throw new NotAllowed("proxies of the test network reach nothing but the network");
  const way = isIP(host) === 0 ? { host, lookup: network.lookup } : { host };
  const socket = connect({ ...way, port, noDelay: true, allowHalfOpen: true });
  await once(socket, "connect");
  // From now on "close" tells enough.
  socket.on("error", () => undefined);
  return socket;
}
