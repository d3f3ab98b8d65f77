import type { Authority } from "./authority/authority.ts";
import type { Endpoint, EndpointFamily } from "./endpoints/endpoint.ts";
import { type FaultType, faultTypes } from "./faults/fault-types.ts";
import { hostNames } from "./host-names.ts";
import type { Service } from "./services/service.ts";

/** What is where, for programs in any language. Holds no keys. */
export interface Manifest {
  readonly service: "fairlead-testserver";
  /** The form of this document; grows when a member changes its meaning. */
  readonly version: 2;
  readonly processId: number;
  /** ISO 8601, by the network's clock. */
  readonly startedAt: string;
  /** The authority to trust. */
  readonly ca: {
    /** PEM. */
    readonly certificate: string;
    /** Absolute path of a file that holds it, once one was written. */
    readonly file: string | null;
    /** SHA-256, 64 hexadecimal digits. */
    readonly fingerprint: string;
  };
  /** Where the network is looked at and changed while it runs: `http://127.0.0.1:PORT`. */
  readonly control: string | null;
  /** Names that the good certificate is for; resolve those under `.test` to the services' address yourself. */
  readonly hostNames: readonly string[];
  readonly services: readonly ManifestService[];
  /** What the http and https services do. */
  readonly endpoints: readonly ManifestEndpoint[];
  /** What can go wrong with services on demand; the control address has what each takes at `/fault-types`. */
  readonly faults: readonly Pick<FaultType, "type" | "transports" | "does">[];
}

/** One service: where it is and what it does. */
export type ManifestService = Omit<Service, "connections">;

/** One endpoint of the http and https services. */
export interface ManifestEndpoint extends Pick<Endpoint, "path" | "does" | "example"> {
  /** The family that it belongs to. */
  readonly family: string;
}

/** Describes a network for its manifest. */
export function describeNetwork(facts: {
  readonly startedAt: number;
  readonly ca: Authority;
  readonly caFile: string | undefined;
  readonly services: readonly Service[];
  readonly families: readonly EndpointFamily[];
}): Manifest {
  const { startedAt, ca, caFile, services, families } = facts;
  const control = services.find(({ name }) => name === "control");
  return {
    service: "fairlead-testserver",
    version: 2,
    processId: process.pid,
    startedAt: new Date(startedAt).toISOString(),
    ca: { certificate: ca.certificate, file: caFile ?? null, fingerprint: ca.fingerprint },
    control: control === undefined ? null : `http://${control.host}:${control.port}`,
    hostNames,
    services: services.map((service) => describeService(service, services, caFile)),
    endpoints: families.flatMap(({ name: family, endpoints }) =>
      endpoints.map(({ path, does, example }) => ({ family, path, does, example })),
    ),
    faults: faultTypes.map(({ type, transports, does }) => ({ type, transports, does })),
  };
}

function describeService(service: Service, all: readonly Service[], caFile: string | undefined): ManifestService {
  const { name, family, transport, scheme, does, example, host, port, origin } = service;
  const filledIn = example?.replace(/\{(ca|host|port|origin)(?::([\w-]+))?\}/g, (_, key: string, other?: string) => {
    if (key === "ca") return caFile ?? "ca.pem";
    const meant = other === undefined ? service : all.find((each) => each.name === other);
    return String(meant?.[key as "host" | "port" | "origin"] ?? "");
  });
  return { name, family, transport, scheme, does, example: filledIn, host, port, origin };
}
