import { openNetworkAccessManager, type TcpSettings } from "@fairlead/access";
import { TransportError } from "@fairlead/core";
import { connectTcp, type ConnectTcp } from "@fairlead/transport";
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo, LookupFunction } from "node:net";
import { describe, test } from "node:test";

const lookup: LookupFunction = (_host, _options, done) => {
  done(null, [{ address: "127.0.0.1", family: 4 }]);
};

describe("what connects in the place of TCP", () => {
  test("is given names, their resolution and the deadline, and what it opens is the way to the server", async () => {
    await using server = await listening((_request, response) => void response.end("here"));
    const [tcp, asked] = recording();
    await using manager = await openNetworkAccessManager({ lookup, tcp, proxy: "none" });
    const reply = await manager.request(`http://a.example:${String(server.port)}/`);
    assert.equal(await reply.text(), "here");
    assert.deepEqual(asked, [`connect a.example:${String(server.port)}`]);
  });

  test("has no part in reaching a proxy, which has one of its own", async () => {
    await using proxy = await listening((request, response) => void response.end(request.url));
    const [{ connect, connectProxy }, asked] = recording();
    for (const [tcp, expected] of [
      [{ connect }, []],
      [{ connect, connectProxy }, [`connectProxy 127.0.0.1:${String(proxy.port)}`]],
    ] as const) {
      await using manager = await openNetworkAccessManager({ tcp, proxy: `http://127.0.0.1:${String(proxy.port)}` });
      const reply = await manager.request("http://a.example/page");
      assert.equal(await reply.text(), "http://a.example/page");
      assert.deepEqual(asked, expected);
    }
  });

  test("fails the request with its own error", async () => {
    const failure = new TransportError("CONNECTION_REFUSED", { peer: "a.example:80", operation: "connect" });
    const connect = (): Promise<never> => Promise.reject(failure);
    await using manager = await openNetworkAccessManager({ tcp: { connect }, proxy: "none" });
    await assert.rejects(manager.request("http://a.example/"), failure);
  });

  test("is not waited for beyond the deadline", async () => {
    const connect: ConnectTcp = ({ onPhase }) => {
      onPhase?.("resolved");
      return new Promise(() => undefined);
    };
    await using manager = await openNetworkAccessManager({
      tcp: { connect },
      proxy: "none",
      timeouts: { connect: 20 },
    });
    await assert.rejects(manager.request("http://a.example/"), { name: "TimeoutError", phase: "connect" });
  });
});

/** Both connect by TCP, and what they were asked for is kept. */
function recording(): [Required<TcpSettings>, readonly string[]] {
  const asked: string[] = [];
  const recordedAs = (name: keyof TcpSettings): ConnectTcp => {
    return (options) => {
      asked.push(`${name} ${options.host}:${String(options.port)}`);
      assert(options.signal?.aborted === false);
      assert(options.lookup !== undefined);
      return connectTcp(options);
    };
  };
  return [{ connect: recordedAs("connect"), connectProxy: recordedAs("connectProxy") }, asked];
}

async function listening(listener: RequestListener): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
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
