import { openUdp, type DatagramAddress, type DatagramEndpoint } from "@fairlead/transport";
import type { NetworkContext } from "../network-context.ts";
import type { DatagramDriver, ServiceSelf } from "../service-entry.ts";
import { type NameServerOptions, openNameServer, type NameAnswer } from "./name-server.ts";

/** How many answers wait at a time; further ones are lost, as datagrams may be. */
const waitingLimit = 1000;

/** How one name server differs from the ordinary. */
export interface NameServiceTerms extends Pick<NameServerOptions, "override"> {
  readonly delayMilliseconds?: number;
}

/** What the name servers of a network have in common. */
export function nameServerOptions(network: NetworkContext, terms: NameServiceTerms = {}): NameServerOptions {
  return {
    host: network.host,
    port: (service) => network.service(service).port,
    memory: network.surroundings.names,
    override: terms.override,
  };
}

/** Answers queries by UDP. */
export async function openDatagramNames(
  network: NetworkContext,
  self: ServiceSelf,
  endpoint: DatagramEndpoint,
  terms: NameServiceTerms = {},
): Promise<DatagramDriver> {
  const server = await openNameServer(nameServerOptions(network, terms));
  const timers = new Set<NodeJS.Timeout>();
  const send = (answer: NameAnswer, to: DatagramAddress): void => {
    if (answer.fromElsewhere) {
      void sendFromElsewhere(network, answer, to);
      return;
    }
    for (const message of answer.messages) endpoint.send(message, to);
  };
  endpoint.on("message", (bytes, from) => {
    try {
      const answer = server.answer(bytes, "udp");
      if (answer === undefined) return;
      const delay = answer.afterMilliseconds + (terms.delayMilliseconds ?? 0);
      if (delay === 0) send(answer, from);
      else if (timers.size < waitingLimit) {
        const timer = setTimeout(() => {
          timers.delete(timer);
          send(answer, from);
        }, delay);
        timers.add(timer);
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      network.traffic.add({ type: "failed", service: self.name, connection: 0, reason });
    }
  });
  return {
    close: () => {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

async function sendFromElsewhere(network: NetworkContext, answer: NameAnswer, to: DatagramAddress): Promise<void> {
  await using other = await openUdp({ host: network.host, port: 0 });
  for (const message of answer.messages) other.send(message, to);
}
