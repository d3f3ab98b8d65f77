import {
  openNetworkAccessManager,
  transactionOf,
  type Hop,
  type NetworkAccessManager,
  type NetworkAccessManagerOptions,
  type RequestOptions,
} from "@fairlead/access";
import { openStore, type Store } from "@fairlead/store";
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { backendCan } from "@fairlead/tls";
import { earlyServer, type EarlyServer } from "./early-server.ts";
import { tlsBackends } from "./tls-backends.ts";
import { EarlyDataRejections } from "../src/memory/early-data-rejections.ts";

for (const backend of tlsBackends.filter(({ name }) => backendCan(name, "early-data")))
  describe(`early data, RFC 8470, over ${backend.name}`, () => {
    let server: EarlyServer;
    let store: Store;
    before(async () => {
      server = await earlyServer();
      // Trying what it can makes so many contexts that OpenSSL's server would lose its own, and with it its sessions.
      await backend.capabilities();
    });
    after(() => server[Symbol.asyncDispose]());
    beforeEach(async () => {
      server.accept({ earlyData: { maxBytes: 16_384 }, ticketKeys: new Uint8Array(48).fill(7) });
      store = await openStore("memory:");
      // A full handshake, which leaves tickets.
      await using manager = await open();
      await ask(manager, "/first");
    });

    function open(tls: NetworkAccessManagerOptions["tls"] = {}): Promise<NetworkAccessManager> {
      const trust = { type: "anchors", certificates: [server.authority.certificate] } as const;
      return openNetworkAccessManager({ store, tls: { backend, trust, ...tls } });
    }

    async function ask(manager: NetworkAccessManager, path: string, options: RequestOptions = {}): Promise<Hop> {
      const reply = await manager.request(server.origin + path, options);
      await reply.bytes();
      return reply.transaction.hops[0] ?? assert.fail("one hop");
    }

    /** One request on a connection of its own. */
    async function askAnew(path: string, options: RequestOptions = {}): Promise<Hop> {
      await using manager = await open();
      return await ask(manager, path, options);
    }

    const early = { earlyData: true };

    test("a request that allows it goes with the first flight, and the transaction says so", async () => {
      const hop = await askAnew("/early", early);
      assert.deepEqual([hop.status, hop.earlyData, hop.repeats], [200, "accepted", []]);
      const { protocol, resumed, authorized } = hop.tls ?? {};
      assert.deepEqual([protocol, resumed, authorized], ["TLSv1.3", true, true]);
      const seen = server.requests.at(-1) ?? assert.fail("it was seen");
      assert.equal(seen.target, "/early");
      assert.ok(seen.earlyBytes > 0);
    });

    test("by the manager's policy, unless a request says no; fetch has the same", async () => {
      {
        await using manager = await open({ earlyData: true });
        assert.equal((await ask(manager, "/policy")).earlyData, "accepted");
      }
      assert.equal((await askAnew("/nothing-said")).earlyData, "none");
      await using manager = await open({ earlyData: true });
      assert.equal((await ask(manager, "/refused", { earlyData: false })).earlyData, "none");
    });

    test("fetch has the same", async () => {
      await using manager = await open();
      const response = await manager.fetch(`${server.origin}/fetched`, early);
      await response.bytes();
      assert.equal(transactionOf(response)?.hops[0]?.earlyData, "accepted");
    });

    test("never for what might do harm a second time, nor with a body", async () => {
      for (const options of [
        { method: "POST" },
        { method: "PUT", body: "the body" },
        { method: "DELETE" },
        { method: "GET", body: "the body" },
      ]) {
        const hop = await askAnew("/harm", { ...options, ...early });
        assert.deepEqual([hop.status, hop.earlyData], [200, "none"], options.method);
        assert.equal(server.requests.at(-1)?.earlyBytes, 0);
      }
    });

    test("what follows on the connection is none, whatever it is", async () => {
      await using manager = await open();
      assert.equal((await ask(manager, "/one", early)).earlyData, "accepted");
      const { connection, earlyBytes } = server.requests.at(-1) ?? {};
      const post = await ask(manager, "/two", { method: "POST", body: "the body" });
      assert.deepEqual([post.reused, post.earlyData], [true, "none"]);
      assert.deepEqual(
        [server.requests.at(-1)?.connection, server.requests.at(-1)?.earlyBytes],
        [connection, earlyBytes],
      );
    });

    test("425: asked once more, after the handshake", async () => {
      const hop = await askAnew("/too-early", early);
      assert.deepEqual([hop.status, hop.repeats], [200, ["too-early"]]);
      assert.deepEqual(
        server.requests.slice(-2).map(({ target }) => target),
        ["/too-early", "/too-early"],
      );
    });

    test("a server that takes none gets it after the handshake", async () => {
      server.accept({ earlyData: undefined });
      await using manager = await open({ earlyData: true });
      const rejected = await ask(manager, "/rejected");
      assert.deepEqual([rejected.status, rejected.earlyData], [200, "rejected"]);
      assert.equal(server.requests.at(-1)?.earlyBytes, 0);
    });

    test("a server with other keys gets it after a full handshake", async () => {
      server.accept({ ticketKeys: new Uint8Array(48).fill(9) });
      const hop = await askAnew("/other-keys", early);
      assert.deepEqual([hop.status, hop.earlyData, hop.tls?.resumed], [200, "rejected", false]);
    });

    test("without a session there is none", async () => {
      store = await openStore("memory:");
      assert.equal((await askAnew("/none", early)).earlyData, "none");
    });

    test("a request that is given up leaves no connection on which another could be early", async () => {
      await using manager = await open({ earlyData: true });
      const controller = new AbortController();
      const given = manager.request(`${server.origin}/given-up`, { ...early, signal: controller.signal });
      controller.abort(new Error("enough"));
      await assert.rejects(given, { message: "enough" });
      // Given up as the connection is there, before anything was written on it.
      const ended = Promise.withResolvers<Error>();
      manager.dispatch(
        { origin: server.origin, path: "/given-up", method: "GET" },
        {
          onRequestStart: (started) => {
            started.abort(new Error("enough"));
          },
          onResponseError: (_controller, error) => {
            ended.resolve(error);
          },
        },
      );
      assert.equal((await ended.promise).message, "enough");
      const post = await ask(manager, "/post", { method: "POST", body: "the body" });
      assert.equal(post.earlyData, "none");
      assert.equal(server.requests.at(-1)?.earlyBytes, 0);
    });

    test("a backend that cannot is an error that names those that can", async () => {
      await using manager = await openNetworkAccessManager();
      const expected = { code: "TLS_OPTION_UNSUPPORTED", remedy: /'openssl'/ };
      await assert.rejects(manager.request(`${server.origin}/`, early), expected);
      await assert.rejects(manager.fetch(`${server.origin}/`, early), expected);
      await assert.rejects(openNetworkAccessManager({ tls: { earlyData: true } }), expected);
    });
  });

test("a rejection holds until a full handshake, for its own key", () => {
  const rejections = new EarlyDataRejections();
  rejections.note("a", { rejected: true, resumed: true });
  assert.deepEqual([rejections.has("a"), rejections.has("b")], [true, false]);
  rejections.note("a", { rejected: false, resumed: true });
  assert.equal(rejections.has("a"), true);
  rejections.note("a", { rejected: false, resumed: false });
  assert.equal(rejections.has("a"), false);
});
