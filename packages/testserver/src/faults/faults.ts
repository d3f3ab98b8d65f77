import { UsageError } from "@fairlead/core";
import { ActiveFault } from "./active-fault.ts";
import type { Fault } from "./fault.ts";
import type { FaultSet } from "./fault-set.ts";
import { faultTypes } from "./fault-types.ts";
import { parseFault } from "./parse-fault.ts";

/** How many faults act at a time in one network. */
const activeLimit = 256;

/** A fault that was added. */
export interface FaultHandle {
  /** Counts from 1 in one network. */
  readonly id: number;
  /** With the seed that it has; given again, it does the same to the same connections. */
  readonly fault: Fault & { readonly seed: number };
  readonly services: readonly string[];
  /** Connections, or with datagrams these, that were hit so far. */
  readonly hits: number;
  /** Takes it away, at once and from everything that goes through it. */
  remove(): void;
}

/** The faults of one service, or of all. */
export interface Faults {
  /**
   * Adds a fault, which acts at once on all connections that began after the first fault of the service, and on those
   * before where the network was started with `faultsOnOpenConnections`.
   *
   * @throws UsageError OPTION_INVALID for values that it cannot have, or where it cannot act on this service.
   *
   * @example
   * const slow = network.faults("https").add({ type: "latency", milliseconds: 200, jitterMilliseconds: 50, seed: 7 });
   * slow.remove();
   */
  add(fault: Fault): FaultHandle;
  /** Those that act now, in the order in which they came. */
  readonly list: readonly FaultHandle[];
  /** Removes all of them. */
  clear(): void;
}

/** Where a fault can act. */
export interface FaultSite {
  readonly name: string;
  readonly transport: "tcp" | "udp";
  readonly faults: FaultSet;
}

/** All faults of a network. */
export class FaultRegistry {
  readonly #sites: () => Iterable<FaultSite>;
  readonly #handles = new Map<number, FaultHandle>();
  #lastId = 0;

  /** `sites` are asked for again each time. */
  constructor(sites: () => Iterable<FaultSite>) {
    this.#sites = sites;
  }

  /**
   * The faults of a service by its name, or of all but the one that controls the network.
   *
   * @throws UsageError OPTION_INVALID where there is no such service.
   */
  of(service: string): Faults {
    const all = [...this.#sites()].filter(({ name }) => name !== "control");
    const meant = service === "all" ? all : all.filter(({ name }) => name === service);
    if (meant.length === 0) throw refuse("service", "name a service that was started, not its control, or all");
    const concerns = ({ services }: FaultHandle): boolean =>
      service === "all" || services.some((name) => name === service);
    const list = (): readonly FaultHandle[] => this.list.filter(concerns);
    return {
      add: (fault) => this.#add(fault, meant),
      get list() {
        return list();
      },
      clear: () => {
        for (const handle of list()) handle.remove();
      },
    };
  }

  /** Those that act now anywhere. */
  get list(): readonly FaultHandle[] {
    return [...this.#handles.values()];
  }

  /** Removes one; tells whether it was there. */
  remove(id: number): boolean {
    const handle = this.#handles.get(id);
    handle?.remove();
    return handle !== undefined;
  }

  #add(given: Fault, meant: readonly FaultSite[]): FaultHandle {
    const fault = parseFault(given);
    const transports = faultTypes.find(({ type }) => type === fault.type)?.transports ?? [];
    const sites = meant.filter(({ transport }) => transports.includes(transport));
    if (sites.length === 0) throw refuse("type", `${fault.type} acts on services over ${transports.join(" and ")}`);
    if (this.#handles.size >= activeLimit) throw refuse("fault", `remove some: ${activeLimit} act already`);
    this.#lastId += 1;
    const services = sites.map(({ name }) => name);
    const active = new ActiveFault(this.#lastId, fault);
    const handle: FaultHandle = {
      id: active.id,
      fault,
      services,
      get hits() {
        return active.hits;
      },
      remove: () => {
        if (this.#handles.delete(active.id)) for (const { faults } of sites) faults.remove(active);
      },
    };
    this.#handles.set(active.id, handle);
    for (const { faults } of sites) faults.add(active);
    return handle;
  }
}

function refuse(detail: string, remedy: string): UsageError {
  return new UsageError("OPTION_INVALID", { operation: "add a fault", detail, remedy });
}
