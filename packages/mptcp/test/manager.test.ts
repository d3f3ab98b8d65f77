import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener, type Server as HttpServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { describe, test } from "node:test";
import { openNetworkAccessManager } from "@fairlead/access";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import { isMissing } from "./is-missing.ts";
import { multipath } from "./multipath-pair.ts";

const authority = await mintAuthority();
const identity = await mintCertificate({ issuer: authority, names: ["127.0.0.1"] });
const tls = { trust: { type: "anchors", certificates: [authority.certificate] } } as const;
const { connect } = multipath;

/** Answers with what the connection is by which the request came. */
const tell: RequestListener = ({ socket }, response) => {
  // Of TLS the kernel knows nothing: its socket has the other below it.
  response.end(multipath.multipathOf((socket as { _parent?: Socket })._parent ?? socket).type);
};

describe("a manager that connects by multipath TCP", () => {
  for (const scheme of ["http", "https"] as const) {
    test(`speaks ${scheme} by it, and by TCP with a server that has nothing else`, async (t) => {
      if (isMissing(t)) return;
      await using manager = await openNetworkAccessManager({ tcp: { connect }, tls, proxy: "none" });
      for (const [speaks, expected] of [
        [true, "multipath"],
        [false, "plain"],
      ] as const) {
        const create = (): HttpServer =>
          scheme === "http"
            ? createServer(tell)
            : createSecureServer({ cert: identity.certificate, key: identity.privateKey }, tell);
        await using server = await listening(create(), speaks);
        const reply = await manager.request(`${scheme}://127.0.0.1:${String(server.port)}/`);
        assert.equal(await reply.text(), expected);
      }
    });
  }

  test("reaches its proxy by TCP, unless it is told otherwise", async (t) => {
    if (isMissing(t)) return;
    await using proxy = await listening(createServer(tell), true);
    for (const [tcp, expected] of [
      [{ connect }, "plain"],
      [{ connectProxy: connect }, "multipath"],
    ] as const) {
      await using manager = await openNetworkAccessManager({ tcp, proxy: `http://127.0.0.1:${String(proxy.port)}` });
      const reply = await manager.request("http://a.example/");
      assert.equal(await reply.text(), expected);
    }
  });
});

async function listening(
  server: HttpServer,
  speaksMultipath: boolean,
): Promise<AsyncDisposable & { readonly port: number }> {
  if (speaksMultipath) await multipath.listen(server);
  else await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    // A server that listens on a port has an address of this form.
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
