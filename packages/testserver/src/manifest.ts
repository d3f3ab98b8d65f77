import type { Authority } from "./authority/authority.ts";
import type { Endpoint, EndpointFamily } from "./endpoints/endpoint.ts";
import { hostNames } from "./host-names.ts";
import type { Listener } from "./listeners/listener.ts";

/** What listens where, for programs in any language. Holds no keys. */
export interface Manifest {
  readonly service: "fairlead-testserver";
  /** The form of this document; grows when a member changes its meaning. */
  readonly version: 1;
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
  /** Names that the good certificate is for; resolve those under `.test` to the listeners' address yourself. */
  readonly hostNames: readonly string[];
  readonly listeners: readonly ManifestListener[];
  /** What the http and https listeners do. */
  readonly endpoints: readonly ManifestEndpoint[];
}

/** One listener: where it is and what it does. */
export type ManifestListener = Pick<Listener, "name" | "scheme" | "does" | "host" | "port" | "origin">;

/** One endpoint of the http and https listeners. */
export interface ManifestEndpoint extends Pick<Endpoint, "path" | "does" | "example"> {
  /** The family that it belongs to. */
  readonly family: string;
}

/** Describes a network for its manifest. */
export function describeNetwork(facts: {
  readonly startedAt: number;
  readonly ca: Authority;
  readonly caFile: string | undefined;
  readonly listeners: readonly Listener[];
  readonly families: readonly EndpointFamily[];
}): Manifest {
  return {
    service: "fairlead-testserver",
    version: 1,
    processId: process.pid,
    startedAt: new Date(facts.startedAt).toISOString(),
    ca: { certificate: facts.ca.certificate, file: facts.caFile ?? null, fingerprint: facts.ca.fingerprint },
    hostNames,
    listeners: facts.listeners.map(describeListener),
    endpoints: facts.families.flatMap(({ name: family, endpoints }) =>
      endpoints.map(({ path, does, example }) => ({ family, path, does, example })),
    ),
  };
}

function describeListener({ name, scheme, does, host, port, origin }: Listener): ManifestListener {
  return { name, scheme, does, host, port, origin };
}
