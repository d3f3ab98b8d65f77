import type { NetworkContext } from "../services/network-context.ts";
import { controlRoutes } from "./control-route.ts";

/** What happens. */
export const trafficRoutes = controlRoutes<Pick<NetworkContext, "traffic">>({
  method: "GET",
  path: "/traffic",
  does: "lists what happened lately; with Accept: text/event-stream, also what happens from then on",
  handle: ({ network: { traffic }, request, response, url }) => {
    const after = Number(url.searchParams.get("after") ?? request.headers["last-event-id"] ?? 0);
    const known = traffic.entries.filter(({ sequence }) => !(sequence <= after));
    if (!/\btext\/event-stream\b/.test(request.headers.accept ?? "")) return known;
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.flushHeaders();
    const tell = (event: (typeof known)[number]): void => {
      // A reader that does not keep up misses some, and sees so by the sequence.
      if (!response.writableNeedDrain) response.write(`id: ${event.sequence}\ndata: ${JSON.stringify(event)}\n\n`);
    };
    for (const event of known) tell(event);
    response.on("close", traffic.follow(tell));
    return undefined;
  },
});
