import type { Endpoint, EndpointFamily } from "../endpoint.ts";
import { authenticationRoutes } from "./authentication.ts";
import { cookieRoutes } from "./cookies.ts";
import { dynamicRoutes } from "./dynamic.ts";
import { formatRoutes } from "./formats.ts";
import { underPrefix } from "./httpbin-route.ts";
import { inspectionRoutes } from "./inspection.ts";
import { methodRoutes } from "./methods.ts";
import { redirectRoutes } from "./redirects.ts";
import { statusRoutes } from "./status.ts";
import { streamingRoutes } from "./streaming.ts";

const families = [
  methodRoutes,
  authenticationRoutes,
  statusRoutes,
  inspectionRoutes,
  formatRoutes,
  dynamicRoutes,
  streamingRoutes,
  cookieRoutes,
  redirectRoutes,
];

/** The routes of httpbin and go-httpbin below `/httpbin`, for services with routes of their own at the root. */
export const httpbinFamilies: readonly EndpointFamily[] = families.map(underPrefix);

const index: Endpoint = {
  path: "/",
  does: "lists all routes",
  example: "/",
  handle: (exchange) => {
    const all = families.flatMap(({ endpoints }) => endpoints);
    const lines = all.map(({ path, does, example }) => `<dt><a href="${example}">${path}</a><dd>${does}`);
    const page = `<!DOCTYPE html>\n<title>httpbin</title>\n<h1>httpbin</h1>\n<dl>\n${lines.join("\n")}\n</dl>\n`;
    exchange.send(200, { "content-type": "text/html; charset=utf-8" }, page.replaceAll("&", "&amp;"));
  },
};

/** The same routes at the root, for services that have no others. */
export const httpbinEndpoints: readonly Endpoint[] = [index, ...families.flatMap(({ endpoints }) => endpoints)];
