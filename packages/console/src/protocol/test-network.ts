/** The test network, where the console runs one. */
export interface ShownTestNetwork {
  readonly services: readonly ShownService[];
  readonly faults: readonly ShownFault[];
  readonly faultTypes: readonly ShownFaultType[];
}

/** Something to try: a service, or one of the endpoints that its http and https services have in common. */
export interface ShownService {
  readonly kind: "service" | "endpoint";
  /** Of a service its name, of an endpoint its path: `https-expired`, `/redirect/:code`. */
  readonly name: string;
  /** One line that begins with a verb. */
  readonly description: string;
  /** Groups of the list: `https`, `proxies`. */
  readonly family: string;
  /** Where it is asked by the console's address bar; `undefined` for what is no HTTP. */
  readonly url: string | undefined;
}

/** A fault that acts now. */
export interface ShownFault {
  readonly id: string;
  readonly type: string;
  /** The service that it is for; `undefined` for all. */
  readonly service: string | undefined;
  /** Its values, for people. */
  readonly description: string;
  /** Connections that were hit so far. */
  readonly hits: number;
}

/** A way to fail that can be switched on for a service, or for all. */
export interface ShownFaultType {
  readonly type: string;
  /** One line that begins with a verb. */
  readonly description: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly description: string;
    readonly least: number;
    readonly most: number;
    readonly isRequired: boolean;
    /** What it is when left out; `undefined` for none. */
    readonly fallback: number | undefined;
  }[];
}

/** A fault to switch on. */
export interface FaultOrder {
  readonly type: string;
  /** All services without one. */
  readonly service?: string;
  /** Numbers by the names of the type's parameters. */
  readonly values?: Readonly<Record<string, number>>;
}
