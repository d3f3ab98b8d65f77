/**
 * Plain servers of Node.js that answer with 1 KiB of JSON, in a process of their own so that their cost is not counted.
 * Answers with their ports, and what they are to be trusted by.
 */
import { createServer, type RequestListener } from "node:http";
import { createSecureServer } from "node:http2";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import { answer } from "../measuring/child.ts";

/** Where each protocol is spoken. */
export interface OriginPorts {
  readonly http: number;
  /** HTTP/1.1. */
  readonly https: number;
  readonly h2: number;
}

const authority = await mintAuthority();
const { certificate, privateKey } = await mintCertificate({ issuer: authority, names: ["127.0.0.1"] });
const identity = { cert: certificate, key: privateKey, minVersion: "TLSv1.3" } as const;
const body = JSON.stringify({ text: "x".repeat(1024 - '{"text":""}'.length) });

const respond: RequestListener = (request, response) => {
  request.resume();
  response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
  response.end(body);
};

const ports: OriginPorts = {
  http: await listen(createServer({ keepAliveTimeout: 60_000 }, respond)),
  https: await listen(createTlsServer({ ...identity, keepAliveTimeout: 60_000 }, respond)),
  h2: await listen(
    createSecureServer({ ...identity, allowHTTP1: false }, (request, response) => {
      request.resume();
      response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
      response.end(body);
    }),
  ),
};
answer(() => Promise.resolve({ ports, ca: authority.certificate }));

async function listen(server: Server): Promise<number> {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  // It listens on TCP.
  return (server.address() as AddressInfo).port;
}
