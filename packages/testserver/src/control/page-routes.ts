import { controlPage } from "./page/page.ts";
import { controlRoutes } from "./control-route.ts";

/** The page for people, and what it asks for besides what programs do. */
export const pageRoutes = controlRoutes(
  {
    method: "GET",
    path: "/",
    does: "shows the network on a page for people",
    handle: ({ response }) => {
      const { html, contentSecurityPolicy } = controlPage();
      response.writeHead(200, {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": contentSecurityPolicy,
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
      });
      response.end(html);
    },
  },
  {
    method: "GET",
    path: "/connections",
    does: "counts the connections of each service",
    handle: ({ network }) =>
      Object.fromEntries(network.manifest().services.map(({ name }) => [name, network.service(name).connections])),
  },
);
