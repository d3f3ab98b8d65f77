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
import { startTestNetwork, type RecordedRequest, type TestNetwork } from "@fairlead/testserver";
import { tlsBackends } from "./tls-backends.ts";
import { EarlyDataRejections } from "../src/memory/early-data-rejections.ts";

for (const backend of tlsBackends.filter(({ name }) => backendCan(name, "early-data")))
  describe(`early data, RFC 8470, over ${backend.name}`, () => {
    let network: TestNetwork;
    let origin: string;
    let store: Store;
    before(async () => {
      network = await startTestNetwork();
      ({ origin } = network.service("https-early-data"));
    });
    after(() => network.close());
    beforeEach(async () => {
      await change("take");
      store = await openStore("memory:");
      // A full handshake, which leaves tickets.
      await using manager = await open();
      await ask(manager, "/early?first");
    });

    const last = (): RecordedRequest => network.requests.at(-1) ?? assert.fail("none was seen");

    /** Changes what the next connections meet, without touching a session. */
    async function change(then: "refuse" | "new-keys" | "take"): Promise<void> {
      await fetch(`${network.http.origin}/early?then=${then}`);
    }

    function open(tls: NetworkAccessManagerOptions["tls"] = {}): Promise<NetworkAccessManager> {
      const trust = { type: "anchors", certificates: [network.ca.certificate] } as const;
      return openNetworkAccessManager({ store, tls: { backend, trust, ...tls } });
    }

    async function ask(manager: NetworkAccessManager, path: string, options: RequestOptions = {}): Promise<Hop> {
      const reply = await manager.request(origin + path, options);
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
      assert.deepEqual([last().target, last().early], ["/early", true]);
    });

    test("by the manager's policy, unless a request says no; fetch has the same", async () => {
      {
        await using manager = await open({ earlyData: true });
        assert.equal((await ask(manager, "/early?policy")).earlyData, "accepted");
      }
      assert.equal((await askAnew("/early?nothing-said")).earlyData, "none");
      await using manager = await open({ earlyData: true });
      assert.equal((await ask(manager, "/early?refused", { earlyData: false })).earlyData, "none");
    });

    test("fetch has the same", async () => {
      await using manager = await open();
      const response = await manager.fetch(`${origin}/early?fetched`, early);
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
        const hop = await askAnew("/early?harm", { ...options, ...early });
        assert.deepEqual([hop.status, hop.earlyData], [200, "none"], options.method);
        assert.equal(last().early, false);
      }
    });

    test("what follows on the connection is none, whatever it is", async () => {
      await using manager = await open();
      assert.equal((await ask(manager, "/early?one", early)).earlyData, "accepted");
      const { connection, early: first } = last();
      const post = await ask(manager, "/early?two", { method: "POST", body: "the body" });
      assert.deepEqual([post.reused, post.earlyData], [true, "none"]);
      assert.deepEqual([first, last().connection, last().early], [true, connection, false]);
    });

    test("425: asked once more, after the handshake", async () => {
      const hop = await askAnew("/too-early", early);
      assert.deepEqual([hop.status, hop.repeats], [200, ["too-early"]]);
      assert.deepEqual(
        network.requests.slice(-2).map(({ target, early: came }) => [target, came]),
        [
          ["/too-early", true],
          ["/too-early", false],
        ],
      );
    });

    test("a server that takes none gets it after the handshake", async () => {
      await change("refuse");
      await using manager = await open({ earlyData: true });
      const rejected = await ask(manager, "/early?rejected");
      assert.deepEqual([rejected.status, rejected.earlyData], [200, "rejected"]);
      assert.equal(last().early, false);
    });

    test("a server with other keys gets it after a full handshake", async () => {
      await change("new-keys");
      const hop = await askAnew("/early?other-keys", early);
      assert.deepEqual([hop.status, hop.earlyData, hop.tls?.resumed], [200, "rejected", false]);
    });

    test("without a session there is none", async () => {
      store = await openStore("memory:");
      assert.equal((await askAnew("/early?none", early)).earlyData, "none");
    });

    test("a request that is given up leaves no connection on which another could be early", async () => {
      await using manager = await open({ earlyData: true });
      const controller = new AbortController();
      const given = manager.request(`${origin}/early?given-up`, { ...early, signal: controller.signal });
      controller.abort(new Error("enough"));
      await assert.rejects(given, { message: "enough" });
      // Given up as the connection is there, before anything was written on it.
      const ended = Promise.withResolvers<Error>();
      manager.dispatch(
        { origin, path: "/early?given-up", method: "GET" },
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
      const post = await ask(manager, "/early?post", { method: "POST", body: "the body" });
      assert.equal(post.earlyData, "none");
      assert.equal(last().early, false);
    });

    test("a backend that cannot is an error that names those that can", async () => {
      await using manager = await openNetworkAccessManager();
      const expected = { code: "TLS_OPTION_UNSUPPORTED", remedy: /'openssl'/ };
      await assert.rejects(manager.request(`${origin}/early`, early), expected);
      await assert.rejects(manager.fetch(`${origin}/early`, early), expected);
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
