import { CarriedEndpoint, type DatagramAddress, type DatagramEndpoint } from "@fairlead/transport";
import type { TrafficLog } from "../traffic-log.ts";
import type { ActiveFault } from "./active-fault.ts";
import { faultEvent } from "./fault-path.ts";
import type { FaultSet, FaultTarget } from "./fault-set.ts";
import { FlightPath } from "./flight-path.ts";
import { formatFault } from "./format-fault.ts";

/** What the faults of an endpoint are made of. */
export interface FaultEndpointOptions {
  readonly entry: { readonly name: string };
  readonly network: { readonly traffic: TrafficLog };
  readonly faults: FaultSet;
}

/** Puts the faults between a socket and its service; owns the endpoint below. */
export function openFaultEndpoint(below: DatagramEndpoint, options: FaultEndpointOptions): DatagramEndpoint {
  const { entry, network, faults } = options;
  const tell = (active: ActiveFault, from: DatagramAddress): void => {
    const did = `${formatFault(active.fault)} for ${from.host}:${from.port}`;
    network.traffic.add(faultEvent(entry.name, 0, active, did));
  };
  const up = new FlightPath<DatagramAddress>("up", tell, (bytes, from) => endpoint.deliver(bytes, from));
  const down = new FlightPath<DatagramAddress>("down", tell, (bytes, to) => below.send(bytes, to));
  const target: FaultTarget = {
    meet: (active, when) => {
      const nth = active.meetEndpoint(when);
      up.meet(active, nth);
      down.meet(active, nth);
    },
    leave: (active) => {
      up.leave(active);
      down.leave(active);
    },
    end: () => {
      up.end();
      down.end();
    },
  };
  const leave = faults.join(target);
  const endpoint = new CarriedEndpoint({
    address: below.address,
    mtu: below.mtu,
    send: (bytes, to) => down.take(bytes, to),
    close: async () => {
      leave();
      target.end();
      await below.close();
    },
  });
  below.on("message", (bytes, from) => up.take(bytes, from));
  below.on("unreachable", (error) => endpoint.reportUnreachable(error));
  return endpoint;
}
