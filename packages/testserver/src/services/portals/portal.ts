import { createServer } from "node:http";
import type { NetworkContext } from "../network-context.ts";
import type { ServiceSelf, StreamDriver } from "../service-entry.ts";
import { type CaptiveAnswer, isCaptive, servePortalPage, serveProbe } from "./portal-pages.ts";

/**
 * Serves a captive portal: its own pages to everybody, something else than what they asked for to those who are captive,
 * and to the others all endpoints of the network, and what systems expect of their probes.
 */
export function openPortal(network: NetworkContext, self: ServiceSelf, answer: CaptiveAnswer): StreamDriver {
  const service = network.serveHttp({ name: self.name, scheme: "http", connections: self.connections });
  const server = createServer((request, response) => {
    response.on("error", () => undefined);
    const { number: connection = 0 } = self.connections.find(request.socket) ?? {};
    const serve = async (): Promise<void> => {
      const captive = isCaptive(network);
      if (await servePortalPage(network, request, response)) return;
      if (!captive && !serveProbe(request, response)) {
        service.onRequest(request, response);
        return;
      }
      if (!captive) return;
      const { method = "", url: target = "" } = request;
      network.traffic.add({ type: "request", service: self.name, connection, method, target: target.slice(0, 2000) });
      request.resume();
      answer(request, response, `http://localhost:${network.service(self.name).port}/login`);
    };
    serve().catch(() => request.socket.destroy());
  });
  return { accept: (socket) => server.emit("connection", socket) };
}
