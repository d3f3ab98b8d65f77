import type { NetworkClock } from "../clock.ts";
import { ControlRefusal, controlRoutes } from "./control-route.ts";

/** What the time of the network is, and what it becomes. */
export const clockRoutes = controlRoutes(
  {
    method: "GET",
    path: "/clock",
    does: "tells the network's time",
    handle: ({ network }) => describeClock(network.clock),
  },
  {
    method: "PUT",
    path: "/clock",
    does: "puts the time: { now: ISO 8601 }, { advanceSeconds: number }, or { now: null } for the system's",
    handle: async ({ network: { clock }, body }) => {
      const { now, advanceSeconds } = await body();
      try {
        if (typeof advanceSeconds === "number") clock.advance(advanceSeconds * 1000);
        else if (now === null) clock.advance(-clock.offsetMilliseconds);
        else if (typeof now === "string") clock.set(Date.parse(now));
        else throw new ControlRefusal(400, "give now or advanceSeconds");
      } catch (error) {
        if (error instanceof RangeError) throw new ControlRefusal(400, error.message);
        throw error;
      }
      return describeClock(clock);
    },
  },
);

function describeClock({ now, offsetMilliseconds }: NetworkClock): Readonly<Record<string, unknown>> {
  return { now: new Date(now()).toISOString(), offsetSeconds: offsetMilliseconds / 1000 };
}
