import type { Fault } from "../faults/fault.ts";
import { faultTypes } from "../faults/fault-types.ts";
import type { FaultHandle } from "../faults/faults.ts";
import type { NetworkContext } from "../services/network-context.ts";
import { ControlRefusal, controlRoutes } from "./control-route.ts";

/** What goes wrong between clients and services. */
export const faultRoutes = controlRoutes<Pick<NetworkContext, "faults">>(
  {
    method: "GET",
    path: "/fault-types",
    does: "lists every fault that there is, and the numbers that it takes",
    handle: () => faultTypes,
  },
  {
    method: "GET",
    path: "/faults",
    does: "lists the faults that act now, with their seeds and how many connections or datagrams they hit",
    handle: ({ network: { faults } }) => faults.list.map(describeFault),
  },
  {
    method: "POST",
    path: "/faults",
    does: "adds a fault: { service: name or all, type, direction, probability, seed, and the numbers of its type }",
    handle: async ({ network: { faults }, body }) => {
      const { service, ...fault } = await body();
      if (typeof service !== "string") throw new ControlRefusal(400, "give the service, by its name or all");
      // Checked there, member by member.
      return describeFault(faults.of(service).add(fault as unknown as Fault));
    },
  },
  {
    method: "DELETE",
    path: "/faults",
    does: "removes all faults, or with ?id= one",
    handle: ({ network: { faults }, url }) => {
      const id = url.searchParams.get("id");
      if (id === null) for (const handle of faults.list) handle.remove();
      else if (!/^\d{1,9}$/.test(id) || !faults.remove(Number(id)))
        throw new ControlRefusal(404, "no fault has this id");
      return faults.list.map(describeFault);
    },
  },
);

function describeFault({ id, fault, services, hits }: FaultHandle): Readonly<Record<string, unknown>> {
  return { id, services, hits, fault };
}
