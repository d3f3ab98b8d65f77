import { controlRoutes } from "./control-route.ts";

/** What is where. */
export const manifestRoutes = controlRoutes(
  {
    method: "GET",
    path: "/manifest",
    does: "lists every service and endpoint, and where it is",
    handle: ({ network }) => network.manifest(),
  },
  {
    method: "GET",
    path: "/ca.pem",
    does: "hands out the certificate to trust",
    handle: ({ network, response }) => {
      response.writeHead(200, { "content-type": "application/x-pem-file" });
      response.end(network.authorities.root.certificate);
    },
  },
);
