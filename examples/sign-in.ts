/** A server asks who the client is, the application is asked once, and later requests say it by themselves. */
import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { openNetworkAccessManager } from "fairlead";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";

const authority = await mintAuthority();
const { certificate, privateKey } = await mintCertificate({ issuer: authority, names: ["localhost"] });
const expected = `Basic ${Buffer.from("ada:lovelace").toString("base64")}`;
const server = createServer({ cert: certificate, key: privateKey }, (request, response) => {
  if (request.headers.authorization === expected) response.end("Welcome, Ada.");
  else response.writeHead(401, { "www-authenticate": 'Basic realm="engine room"' }).end();
});
server.listen(0, "localhost");
await once(server, "listening");
const url = `https://localhost:${String((server.address() as AddressInfo).port)}/`;

{
  await using manager = await openNetworkAccessManager({
    tls: { trust: { type: "anchors", certificates: [authority.certificate] } },
    onAuthenticate: ({ origin, realm, scheme, tried }) => {
      console.log(`${origin} asks who we are, for "${realm}", by ${scheme}`);
      return tried.length > 0 ? { type: "none" } : { type: "password", username: "ada", password: "lovelace" };
    },
  });
  const replies = await Promise.all([1, 2, 3].map(() => manager.request(url)));
  for (const reply of replies) console.log(reply.status, await reply.text());
}
server.close();
