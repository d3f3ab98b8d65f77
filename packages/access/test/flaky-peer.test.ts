import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { after, before, describe, test } from "node:test";
import { allClosed, failingRelay } from "./failing-relay.ts";
import { runProgram } from "./programs/run-program.ts";

/** Change them to look elsewhere: where connections fail depends on these, and on the order in which they come. */
const SEEDS = [1, 2];

describe("a hundred requests at once to a peer that fails anywhere end in results and typed errors, and leave nothing", () => {
  let authority = "";
  let servers: Record<"http" | "https" | "h2", Server>;

  before(async () => {
    const minted = await mintAuthority({ commonName: "flaky" });
    authority = minted.certificate;
    const { certificate, privateKey } = await mintCertificate({ issuer: minted, names: ["127.0.0.1"] });
    const identity = { cert: certificate, key: privateKey };
    servers = {
      http: createServer(answer),
      https: createHttpsServer(identity, answer),
      h2: createSecureServer({ ...identity, allowHTTP1: true }, answer),
    };
    for (const server of Object.values(servers)) {
      server.on("tlsClientError", () => undefined);
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
    }
  });
  after(() => {
    for (const server of Object.values(servers)) server.close();
  });

  for (const seed of SEEDS) {
    test(`in the clear and over TLS, HTTP/1.1 and HTTP/2; seed ${String(seed)}`, async () => {
      await using clear = await failingRelay(portOf(servers.http), seed);
      await using secure = await failingRelay(portOf(servers.https), seed);
      // Few connections serve all requests of HTTP/2: these fail differently.
      await using multiplexed = await failingRelay(portOf(servers.h2), seed + 100);
      await using shared = await failingRelay(portOf(servers.h2), seed + 200);
      const relays = [clear, secure, multiplexed, shared];
      const origins = [clear.origin, ...relays.slice(1).map(({ port }) => `https://127.0.0.1:${String(port)}`)];
      const { code, output, errors } = await runProgram("flaky-peer", origins.join(","), authority);
      assert.equal(errors, "");
      assert.equal(code, 0);
      const { found, left, listeners } = output as {
        found: Record<string, { outcomes: Record<string, number>; protocols: string[] }>;
        left: string[];
        listeners: number;
      };
      for (const [origin, { outcomes }] of Object.entries(found)) {
        const { result = 0, typed = 0 } = outcomes;
        assert.equal(result + typed, 100, `${origin}: ${JSON.stringify(outcomes)}`);
      }
      // Where nothing was answered, nothing is known.
      for (const [index, origin] of origins.entries()) {
        assert.deepEqual(
          found[origin]?.protocols.filter((protocol) => protocol !== (index < 2 ? "1.1" : "2.0")),
          [],
        );
      }
      assert.deepEqual(left, []);
      assert.equal(listeners, 0);
      await Promise.all(relays.map(allClosed));
    });
  }
});

function answer(request: IncomingMessage | Http2ServerRequest, response: ServerResponse | Http2ServerResponse): void {
  request.on("error", () => undefined);
  response.on("error", () => undefined);
  request.on("end", () => {
    response.setHeader("X-Protocol", request.httpVersion);
    response.end("y".repeat(Number(request.url?.slice(1))));
  });
  request.resume();
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
