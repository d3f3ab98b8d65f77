/** A server of 64 MiB, over http and https, in a process of its own. Answers with its ports, and what it is to be trusted by. */
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import { answer } from "../measuring/child.ts";

/** Where it is. */
export interface Origin {
  readonly port: number;
  readonly tlsPort: number;
  /** PEM. */
  readonly ca: string;
}

const piece = Buffer.alloc(1024 * 1024, "x");
const pieces = 64;

const respond: RequestListener = (request, response) => {
  request.resume();
  response.writeHead(200, { "content-length": piece.length * pieces });
  let left = pieces;
  const write = (): void => {
    for (; left > 0; left -= 1) {
      if (!response.write(piece)) {
        left -= 1;
        response.once("drain", write);
        return;
      }
    }
    response.end();
  };
  write();
};

const authority = await mintAuthority();
const { certificate, privateKey } = await mintCertificate({ issuer: authority, names: ["127.0.0.1"] });
const origin: Origin = {
  port: await listen(createServer(respond)),
  tlsPort: await listen(createTlsServer({ cert: certificate, key: privateKey, minVersion: "TLSv1.3" }, respond)),
  ca: authority.certificate,
};
answer(() => Promise.resolve(origin));

async function listen(server: Server): Promise<number> {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  // It listens on TCP.
  return (server.address() as AddressInfo).port;
}
