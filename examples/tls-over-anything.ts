/** Makes a request by node:http through TLS of another library, over a Unix socket. */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request, type IncomingMessage } from "node:http";
import { connect, createServer as listen } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import { loadOpensslTls } from "@fairlead/tls-openssl";

const authority = await mintAuthority();
const identity = await mintCertificate({ issuer: authority, names: ["inner.test"] });
const tls = loadOpensslTls();
const directory = await mkdtemp(join(tmpdir(), "fairlead-example-"));
const path = join(directory, "service.sock");

const http = createServer((_request, response) => response.end("hello over a Unix socket"));
const door = listen({ allowHalfOpen: true }, (stream) => {
  tls.accept(stream, { identity }).then(
    (socket) => http.emit("connection", socket),
    (error: unknown) => console.error(error),
  );
}).listen(path);
await once(door, "listening");

const trust = { type: "anchors", certificates: [authority.certificate] } as const;
const socket = await tls.connect(connect({ path, allowHalfOpen: true }), { host: "inner.test", trust });
const asked = request({ createConnection: () => socket, headers: { host: "inner.test", connection: "close" } }).end();
const [response] = (await once(asked, "response")) as [IncomingMessage];
console.log(socket.getProtocol(), socket.getCipher().name, await text(response));

door.close();
await rm(directory, { recursive: true });
