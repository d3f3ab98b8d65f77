import { endpointFamilies } from "./endpoints/index.ts";
import { faultTypes } from "./faults/fault-types.ts";
import { serviceFamilies } from "./services/index.ts";

/** Services, endpoints or faults that belong together, as every network has them. */
export interface DescribedFamily {
  readonly of: "services" | "endpoints" | "faults";
  readonly name: string;
  /** What its members do, as one line that begins with a verb in the plural. */
  readonly line: string;
  readonly members: readonly {
    /** Name of a service, path of an endpoint, type of a fault. */
    readonly name: string;
    /** What it does, as one line that begins with a verb. */
    readonly does: string;
  }[];
}

/** Lists all that a network has, without starting one. */
export function describeFamilies(): readonly DescribedFamily[] {
  const services = serviceFamilies.map(({ name, line, services: members }) => ({ name, line, members }));
  const endpoints = endpointFamilies.map(({ name, line, endpoints: members }) => ({
    ...{ name, line },
    members: members.map(({ path, does }) => ({ name: path, does })),
  }));
  const faults = (["tcp", "udp"] as const).map((transport) => ({
    name: transport === "tcp" ? "connection-faults" : "datagram-faults",
    line: `act on ${transport === "tcp" ? "connections" : "datagrams"} of any service`,
    members: faultTypes
      .filter(({ transports }) => transports.includes(transport))
      .map(({ type, does }) => ({ name: type, does })),
  }));
  return Object.entries({ services, endpoints, faults }).flatMap(([of, families]) =>
    families.map(({ name, line, members }) => ({
      // The keys of the record just above.
      of: of as DescribedFamily["of"],
      ...{ name, line },
      members: members.map((member) => ({ name: member.name, does: member.does })),
    })),
  );
}
