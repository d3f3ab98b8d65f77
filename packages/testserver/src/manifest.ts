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

export type ManifestListener = Pick<Listener, "name" | "scheme" | "does" | "host" | "port" | "origin">;

export interface ManifestEndpoint {
  /** Path with `:parameters` and the query that it takes. */
  readonly path: string;
  /** One line that begins with a verb. */
  readonly does: string;
  /** A request target that shows it. */
  readonly example: string;
}
