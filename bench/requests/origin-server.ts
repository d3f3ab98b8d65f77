/** A plain `node:https` server, in a process of its own so that its cost is not counted. Sends its port and anchor. */
import { createServer } from "node:https";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";

const authority = await mintAuthority();
const { certificate, privateKey } = await mintCertificate({ issuer: authority, names: ["127.0.0.1"] });
const body = JSON.stringify({ text: "x".repeat(1024 - '{"text":""}'.length) });

const server = createServer(
  { cert: certificate, key: privateKey, minVersion: "TLSv1.3", keepAliveTimeout: 60_000 },
  (request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
    response.end(body);
  },
);
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.({ port: typeof address === "object" ? address?.port : undefined, ca: authority.certificate });
});
process.on("disconnect", () => {
  process.exit();
});
