/** One port for two names, over two TLS libraries; a certificate that is swapped; and a connection that begins in the clear. */
import { once } from "node:events";
import { connectTcp, memoryPair } from "@fairlead/transport";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import { connectTls, identitiesByName, tlsServer } from "@fairlead/tls/sockets";
import { startTls } from "@fairlead/tls/start-tls";

const authority = await mintAuthority();
const trust = { type: "anchors", certificates: [authority.certificate] } as const;
const identify = (name: string): ReturnType<typeof mintCertificate> =>
  mintCertificate({ issuer: authority, names: [name] });

await using server = tlsServer({
  backend: loadOpensslTls(),
  identity: identitiesByName({ "a.test": await identify("a.test"), "b.test": await identify("b.test") }),
});
server.on("connection", ({ socket }) => socket.end("hello"));
server.on("connectionError", ({ error }) => console.log("refused:", error.message));
const { port } = await server.listen({ port: 0, host: "127.0.0.1" });

for (const host of ["a.test", "b.test"]) {
  const socket = await connectTls(await connectTcp({ host: "127.0.0.1", port }), { host, trust });
  console.log(host, socket.getProtocol(), socket.getPeerX509Certificate()?.subjectAltName);
  socket.resume();
  await once(socket, "close");
}
server.setIdentity(await identify("renewed.test"));

// A server that takes PostgreSQL's request, and goes on with TLS.
const [near, far] = memoryPair();
far.once("data", () => {
  far.pause();
  far.write("S");
  server.secure(far, "memory");
});
const socket = await startTls(near, "postgresql", { host: "renewed.test", trust });
console.log("renewed.test", socket.getProtocol(), socket.getPeerX509Certificate()?.subjectAltName);
socket.resume();
await once(socket, "close");
