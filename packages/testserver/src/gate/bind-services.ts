import type { FaultSet } from "../faults/fault-set.ts";
import type { NetworkContext } from "../services/network-context.ts";
import type { ServiceEntry, ServiceFamily } from "../services/service-entry.ts";
import type { Service } from "../services/service.ts";
import { openDatagramGate } from "./datagram-gate.ts";
import type { Gate } from "./gate.ts";
import { openStreamGate } from "./stream-gate.ts";

/** A service with its bound port and its faults. */
export interface Binding {
  readonly service: Service;
  readonly gate: Gate;
  readonly faults: FaultSet;
  readonly followsClock: boolean;
}

/** What services are bound with. */
export interface BindOptions {
  readonly network: NetworkContext;
  readonly host: string;
  /** Port of the first; 0 lets the system choose each. */
  readonly port: number;
  /** Names of those to bind; all by default. */
  readonly wanted: readonly string[] | undefined;
  readonly newFaultSet: () => FaultSet;
}

/**
 * How often two transports are tried to be bound to one port number that the system chose for the first. On a machine with
 * many connections, which use up such numbers too, few of them are free.
 */
const pairTries = 64;

/**
 * Binds the ports of services, in the order of their families, and adds each to `bound` at once: when this rejects,
 * with the system's error, those are there to be closed.
 *
 * @throws {RangeError} before any port is bound, when two services have one name.
 */
export async function bindServices(
  families: readonly ServiceFamily[],
  bound: Map<string, Binding>,
  options: BindOptions,
): Promise<void> {
  refuseSharedNames(families);
  const { wanted, port } = options;
  const all = families.flatMap(({ name: family, services }) => services.map((entry) => ({ family, entry })));
  for (const name of wanted ?? []) {
    if (!all.some(({ entry }) => entry.name === name)) throw new RangeError(`there is no service ${name}`);
  }
  const chosen = all.filter(({ entry }) => wanted?.includes(entry.name) ?? true);
  const follows = (entry: ServiceEntry): boolean => chosen.some((other) => other.entry.name === entry.samePortAs);
  const needed = chosen.filter(({ entry }) => !follows(entry)).length;
  const highest = 65_536 - needed;
  if (port > highest) throw new RangeError(`${needed} services have a port each: the first is ${highest} at most`);
  let lastNumber = 0;
  const nextNumber = (): number => (lastNumber += 1);
  const bindOne = async (family: string, entry: ServiceEntry, at: number): Promise<void> => {
    const faults = options.newFaultSet();
    const rest = { network: options.network, host: options.host, port: at, faults, nextNumber };
    const gate = await (entry.transport === "udp"
      ? openDatagramGate({ entry, ...rest })
      : openStreamGate({ entry, ...rest }));
    const { followsClock = false } = entry;
    bound.set(entry.name, { service: describe(family, entry, gate), gate, faults, followsClock });
  };

  let index = 0;
  for (const { family, entry } of chosen) {
    if (follows(entry)) continue;
    const follower = chosen.find(({ entry: { samePortAs } }) => samePortAs === entry.name);
    for (let tries = 1; ; tries += 1) {
      try {
        await bindOne(family, entry, port === 0 ? 0 : port + index);
        const taken = bound.get(entry.name)?.service.port ?? 0;
        if (follower !== undefined) await bindOne(follower.family, follower.entry, taken);
        break;
      } catch (error) {
        // Another process may have the number with the other transport.
        if (follower === undefined || port !== 0 || tries === pairTries || !bound.has(entry.name)) throw error;
        await bound.get(entry.name)?.gate.close();
        bound.delete(entry.name);
      }
    }
    index += 1;
  }
}

function refuseSharedNames(families: readonly ServiceFamily[]): void {
  const familyOf = new Map<string, string>();
  for (const { name: family, services } of families) {
    for (const { name } of services) {
      const first = familyOf.get(name);
      if (first !== undefined) throw new RangeError(`the families ${first} and ${family} both have a service ${name}`);
      familyOf.set(name, family);
    }
  }
}

function describe(family: string, entry: ServiceEntry, gate: Gate): Service {
  const { name, transport = "tcp", scheme, does, example } = entry;
  const { host, port } = gate;
  return {
    ...{ name, family, transport, scheme, does, example, host, port },
    origin: `${scheme}://localhost:${port}`,
    get connections() {
      return gate.connections;
    },
  };
}
