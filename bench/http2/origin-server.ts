/** A plain server of `node:http2`, in a process of its own so that its cost is not counted. Sends its port and anchor. */
import { createSecureServer } from "node:http2";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";

const authority = await mintAuthority();
const { certificate, privateKey } = await mintCertificate({ issuer: authority, names: ["127.0.0.1"] });
const small = JSON.stringify({ text: "x".repeat(1024 - '{"text":""}'.length) });
const large = Buffer.alloc(64 * 1024 * 1024, "0123456789abcdef");

const server = createSecureServer({ cert: certificate, key: privateKey, minVersion: "TLSv1.3" });
server.on("session", (session) => session.on("error", () => undefined));
server.on("stream", (stream, headers) => {
  stream.on("error", () => undefined);
  const body = headers[":path"] === "/large" ? large : small;
  stream.respond({
    ":status": 200,
    "content-type": "application/json",
    "content-length": body.length,
    "cache-control": "no-store",
  });
  stream.end(body);
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.({ port: typeof address === "object" ? address?.port : undefined, ca: authority.certificate });
});
process.on("disconnect", () => {
  process.exit();
});
