import {
  openNetworkAccessManager,
  type NetworkAccessManager,
  type NetworkAccessManagerOptions,
} from "@fairlead/access";
import { type Authority, mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:https";
import { after, before, describe, test } from "node:test";
import { tlsBackends } from "./tls-backends.ts";

type Algorithms = Pick<NonNullable<NetworkAccessManagerOptions["tls"]>, "groups" | "ciphers">;

describe("algorithms that a manager's settings name", () => {
  let authority: Authority;
  let server: Server;
  let url: string;

  before(async () => {
    authority = await mintAuthority();
    const { certificate, privateKey } = await mintCertificate({ issuer: authority, names: ["127.0.0.1"] });
    server = createServer({ cert: certificate, key: privateKey, ecdhCurve: "secp384r1" }, (_request, response) =>
      response.end("{}"),
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    url = `https://127.0.0.1:${String(address.port)}/`;
  });

  after(() => {
    server.close();
    server.closeAllConnections();
  });

  for (const backend of tlsBackends) {
    const open = (algorithms: Algorithms): Promise<NetworkAccessManager> =>
      openNetworkAccessManager({
        tls: { backend, trust: { type: "anchors", certificates: [authority.certificate] }, ...algorithms },
      });

    test(`are those that ${backend.name} connects with`, async () => {
      await using manager = await open({ groups: ["secp384r1"], ciphers: ["CHACHA20_POLY1305"] });
      const reply = await manager.request(url);
      await reply.bytes();
      assert.match(reply.transaction.hops[0]?.tls?.cipher ?? "", /CHACHA20.POLY1305/);
    });

    test(`are the only ones that ${backend.name} agrees to`, async () => {
      await using manager = await open({ groups: ["x25519"] });
      await assert.rejects(manager.request(url), { name: "TlsError" });
    });
  }
});
