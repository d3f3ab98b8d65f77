import type { NetworkContext } from "../services/network-context.ts";
import { ControlRefusal, controlRoutes } from "./control-route.ts";

/** Whether the clients of captive portals are let out. */
export const portalRoutes = controlRoutes(
  {
    method: "GET",
    path: "/portal",
    does: "tells whether clients of captive portals are captive",
    handle: ({ network }) => describePortal(network),
  },
  {
    method: "PUT",
    path: "/portal",
    does: "lets clients of captive portals out, or not: { captive: boolean, seconds?: number }",
    handle: async ({ network, body }) => {
      const { captive, seconds } = await body();
      const { captivePortal } = network.surroundings;
      const isDuration = typeof seconds === "number" && seconds >= 0 && seconds <= 1e9;
      if (typeof captive !== "boolean") throw new ControlRefusal(400, "give captive, as true or false");
      if (seconds !== undefined && !isDuration) throw new ControlRefusal(400, "seconds must be a number");
      if (captive || !isDuration) captivePortal.isCaptive = captive;
      else captivePortal.enter(network.clock.now() + seconds * 1000);
      return describePortal(network);
    },
  },
);

function describePortal({ surroundings, clock }: NetworkContext): Readonly<Record<string, unknown>> {
  const secondsLeft = surroundings.captivePortal.secondsLeft(clock.now());
  return { captive: secondsLeft === 0, secondsLeft: secondsLeft ?? null };
}
