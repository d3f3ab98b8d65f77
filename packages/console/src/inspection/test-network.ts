import { UsageError } from "@fairlead/core";
import type { Fault, FaultHandle, FaultType, ServiceName, TestNetwork } from "@fairlead/testserver";
import type { FaultOrder, ShownFault, ShownFaultType, ShownService, ShownTestNetwork } from "../protocol/index.ts";

/** Faults that are told. */
const faultsOf = (network: TestNetwork): readonly FaultHandle[] => network.faults("all").list;

/** Tells what there is to try in a test network, and which faults act. */
export async function describeTestNetwork(network: TestNetwork): Promise<ShownTestNetwork> {
  const { faultTypes } = await import("@fairlead/testserver");
  const { endpoints } = network.manifest;
  const services = network.services.filter(({ name }) => name !== "control");
  return {
    services: [
      ...services.map(({ name, does, family, scheme, origin }): ShownService => {
        const isHttp = scheme === "http" || scheme === "https";
        return { kind: "service", name, description: does, family, url: isHttp ? `${origin}/` : undefined };
      }),
      ...endpoints.map(({ path, does, family, example }): ShownService => {
        const url = `${network.origin("https", "a.fairlead.test")}${example}`;
        return { kind: "endpoint", name: path, description: does, family, url };
      }),
    ],
    faults: faultsOf(network).map((handle) => showFault(handle, services.length)),
    faultTypes: faultTypes.map(showType),
  };
}

/**
 * Switches a fault on.
 *
 * @throws UsageError OPTION_INVALID for a fault that there is not, values that it cannot have, or a service where it
 * cannot act.
 */
export function addFault(network: TestNetwork, { type, service = "all", values = {} }: FaultOrder): ShownFault {
  // Names of services and faults, and values, are checked there.
  const handle = network.faults(service as ServiceName | "all").add({ ...values, type } as unknown as Fault);
  return showFault(handle, network.services.length - 1);
}

/** How many faults act. */
export function countFaults(network: TestNetwork): number {
  return faultsOf(network).length;
}

/** Switches a fault off. @returns whether it was on. */
export function removeFault(network: TestNetwork, id: string): boolean {
  const handle = faultsOf(network).find((each) => String(each.id) === id);
  handle?.remove();
  return handle !== undefined;
}

/** The network of a console that has none. @throws UsageError */
export function withoutTestNetwork(): never {
  const remedy = "start the console with --test-network";
  throw new UsageError("OPTION_INVALID", { operation: "test network", detail: "there is none here", remedy });
}

function showFault({ id, fault, services, hits }: FaultHandle, all: number): ShownFault {
  const { type, seed, ...values } = fault;
  const [first] = services;
  return {
    id: String(id),
    type,
    service: services.length >= all ? undefined : first,
    description: Object.entries({ ...values, seed })
      .map(([name, value]) => `${name} ${String(value)}`)
      .join(", "),
    hits,
  };
}

function showType({ type, does, parameters }: FaultType): ShownFaultType {
  return {
    type,
    description: does,
    parameters: Object.entries(parameters).map(([name, { does: says, least, most, required, fallback }]) => ({
      name,
      description: says,
      least,
      most,
      isRequired: required === true,
      fallback,
    })),
  };
}
