import { createServer } from "node:http";
import type { NetworkContext } from "../services/network-context.ts";
import { type ServiceSelf, serviceFamily, type StreamDriver } from "../services/service-entry.ts";
import { clockRoutes } from "./clock-routes.ts";
import { controlListener } from "./control-listener.ts";
import type { ControlRoute } from "./control-route.ts";
import { faultRoutes } from "./fault-routes.ts";
import { mailRoutes } from "./mail-routes.ts";
import { manifestRoutes } from "./manifest-routes.ts";
import { nameRoutes } from "./name-routes.ts";
import { pageRoutes } from "./page-routes.ts";
import { portalRoutes } from "./portal-routes.ts";
import { trafficRoutes } from "./traffic-routes.ts";

/** What the control service answers. A new part of the network that is controlled is a file and a line here. */
const routes: readonly ControlRoute[] = [
  ...pageRoutes,
  ...manifestRoutes,
  ...clockRoutes,
  ...faultRoutes,
  ...portalRoutes,
  ...nameRoutes,
  ...trafficRoutes,
  ...mailRoutes,
];

/** Where a running network is looked at and changed. */
export const controlServices = serviceFamily("control", "show and change the network while it runs", [
  {
    name: "control",
    scheme: "http",
    does: "shows and changes the running network: manifest, clock, faults, traffic, and a page for people",
    example: "curl {origin}/manifest",
    halfOpen: true,
    open: openControl,
  },
]);

function openControl(network: NetworkContext, { name }: ServiceSelf): StreamDriver {
  const server = createServer(controlListener({ routes, network, port: () => network.service(name).port }));
  return { accept: (socket) => server.emit("connection", socket) };
}
