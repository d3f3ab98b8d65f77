/** The test network, where the console runs one. */
export interface ShownTestNetwork {
  readonly services: readonly ShownService[];
  readonly faults: readonly ShownFault[];
}

/** A service to try. */
export interface ShownService {
  readonly name: string;
  readonly description: string;
  /** Groups of the list: `https`, `proxies`. */
  readonly family: string;
  /** Where it is asked by the console's address bar; `undefined` for what is no HTTP. */
  readonly url: string | undefined;
}

/** A way to fail that can be switched on for a service, or for all. */
export interface ShownFault {
  readonly id: string;
  readonly type: string;
  /** The service that it is for; `undefined` for all. */
  readonly service: string | undefined;
  readonly description: string;
}
