import { memoryPair } from "@fairlead/transport";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NO_TERMS, type ConnectionTerms } from "../../src/agreement/connection-terms.ts";
import type { DispatchController, DispatchHandler, HopOptions } from "../../src/dispatch.ts";
import type { ConnectRequest } from "../../src/pool/connect-request.ts";
import { ConnectionHold } from "../../src/pool/connection-hold.ts";
import type { OpenedConnection } from "../../src/pool/connector.ts";
import { failedController } from "../../src/pool/failed-controller.ts";
import { ConnectionLoss, type HttpConnection, type HttpConnectionEvents } from "../../src/pool/http-connection.ts";
import { OriginPool } from "../../src/pool/origin-pool.ts";
import { ProtocolMemories } from "../../src/pool/protocol-memory.ts";
import { DIRECT } from "../../src/route/route.ts";
import { TargetCache } from "../../src/target.ts";
import { options } from "./http1-peer.ts";

interface Started {
  readonly path: string;
  readonly handler: DispatchHandler;
}

/** A connection that does what a test says, of either protocol. */
class PlayedConnection implements HttpConnection {
  readonly protocol: HttpConnection["protocol"];
  readonly events: HttpConnectionEvents;
  readonly under: Started[] = [];
  readonly served: string[] = [];
  limit: number;
  isClosed = false;

  constructor(protocol: HttpConnection["protocol"], limit: number, events: HttpConnectionEvents) {
    this.protocol = protocol;
    this.limit = limit;
    this.events = events;
  }

  get capacity(): number {
    return this.isClosed ? 0 : Math.max(0, this.limit - this.under.length);
  }

  start({ path }: HopOptions, handler: DispatchHandler): void {
    this.under.push({ path, handler });
    this.served.push(path);
    handler.onRequestStart?.(controller, {});
  }

  /** Answers the request that was started first. */
  answer(): void {
    const started = this.under.shift() ?? assert.fail("nothing is under way");
    this.events.onFree();
    started.handler.onResponseStart?.(controller, 200, {}, "OK");
    started.handler.onResponseEnd?.(controller, {});
  }

  lose(processed: ConnectionLoss["processed"]): void {
    this.isClosed = true;
    const under = this.under.splice(0);
    this.events.onClosed();
    for (const { handler } of under) handler.onResponseError?.(controller, new ConnectionLoss(processed, undefined));
  }

  close(): Promise<void> {
    this.limit = 0;
    if (this.under.length === 0) this.lose("no");
    return Promise.resolve();
  }

  destroy(reason: Error): void {
    this.isClosed = true;
    const under = this.under.splice(0);
    this.events.onClosed();
    for (const { handler } of under) handler.onResponseError?.(controller, reason);
  }
}

const controller: DispatchController = { ...failedController, aborted: false };

interface Opening {
  readonly request: ConnectRequest;
  /** Resolves to the connection once the pool has it. */
  opened(protocol?: HttpConnection["protocol"], limit?: number, terms?: ConnectionTerms): Promise<PlayedConnection>;
  failed(error: Error): Promise<void>;
}

/** Pools whose connections are opened by the test. */
function played({ connectionsLimit = 10, protocols = speakingHttp1() } = {}) {
  const openings: Opening[] = [];
  const pools = new Map<ConnectionTerms, OriginPool>();
  let emptied = 0;
  let next: { protocol: HttpConnection["protocol"]; limit: number } = { protocol: "http/1.1", limit: 1 };
  let latest: PlayedConnection | undefined;
  const poolFor = (terms: ConnectionTerms): OriginPool => {
    const known = [...pools].find(([{ authenticatedAs, identity }]) => {
      return authenticatedAs === terms.authenticatedAs && identity === terms.identity;
    });
    if (known !== undefined) return known[1];
    const pool: OriginPool = new OriginPool({
      target: new TargetCache().find("http://a.example"),
      route: DIRECT,
      unverified: false,
      partition: "",
      terms,
      protocols: ["h2", "http/1.1"],
      connector: (request) =>
        new Promise<OpenedConnection>((resolve, reject) => {
          request.signal.addEventListener("abort", () => {
            reject(request.signal.reason as Error);
          });
          openings.push({
            request,
            opened: async (protocol = "http/1.1", limit = 1, made = request.terms) => {
              next = { protocol, limit };
              const facts = { id: openings.length } as OpenedConnection["facts"];
              resolve({ stream: memoryPair()[0], facts, terms: made, protocol, isEarly: false });
              await settled();
              return latest ?? assert.fail("no connection");
            },
            failed: async (error) => {
              reject(error);
              await settled();
            },
          });
        }),
      speak: (_opened, events) => (latest = new PlayedConnection(next.protocol, next.limit, events)),
      connectionsLimit,
      protocol: protocols.of("a"),
      poolFor,
      http1Pool: () => pool,
      onEmpty: () => {
        emptied += 1;
        if (pools.get(terms) === pool) pools.delete(terms);
      },
    });
    pools.set(terms, pool);
    return pool;
  };
  const outcomes: Record<string, string> = {};
  const ask = (path: string, more: Partial<HopOptions> & { readonly signal?: AbortSignal } = {}): void => {
    const { signal, ...others } = more;
    const exchange = { signal } as HopOptions["exchange"];
    poolFor(NO_TERMS).dispatch(options({ path, ...others, ...(signal && { exchange }) }), {
      onResponseEnd: () => void (outcomes[path] = "done"),
      onResponseError: (_controller, error) => void (outcomes[path] = error.message),
    });
  };
  return { ask, openings, outcomes, pool: poolFor(NO_TERMS), poolFor, emptied: () => emptied };
}

function speakingHttp1(): ProtocolMemories {
  const protocols = new ProtocolMemories();
  protocols.of("a").note("http/1.1");
  return protocols;
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

const at = (openings: readonly Opening[], index: number): Opening => openings[index] ?? assert.fail("no such opening");

describe("a request that waits takes whichever connection is free first", () => {
  test("one that another gave back; what was opened for it is kept for the next", async () => {
    const { ask, openings, outcomes } = played();
    ask("/1");
    const first = await at(openings, 0).opened();
    ask("/2");
    assert.equal(openings.length, 2);
    first.answer();
    assert.deepEqual(first.served, ["/1", "/2"]);
    const second = await at(openings, 1).opened();
    ask("/3");
    assert.deepEqual(second.served, ["/3"]);
    first.answer();
    second.answer();
    assert.deepEqual(outcomes, { "/1": "done", "/2": "done", "/3": "done" });
    assert.equal(openings.length, 2);
  });

  test("one whose own opening is no longer needed takes the place of who comes next", async () => {
    const { ask, openings } = played();
    ask("/1");
    const first = await at(openings, 0).opened();
    ask("/2");
    first.answer();
    ask("/3");
    assert.equal(openings.length, 2, "the opening of /2 is for /3 now");
    const second = await at(openings, 1).opened();
    assert.deepEqual(second.served, ["/3"]);
  });

  test("what is opened for a request that was aborted is given up, unless another waits", async () => {
    const { ask, openings, outcomes, emptied } = played({ connectionsLimit: 1 });
    const controllers = [new AbortController(), new AbortController()] as const;
    ask("/1", { signal: controllers[0].signal });
    ask("/2", { signal: controllers[1].signal });
    assert.equal(openings.length, 1);
    controllers[0].abort(new Error("enough"));
    assert.equal(at(openings, 0).request.signal.aborted, false);
    controllers[1].abort(new Error("enough, too"));
    assert.equal(at(openings, 0).request.signal.aborted, true);
    assert.deepEqual(outcomes, { "/1": "enough", "/2": "enough, too" });
    await settled();
    assert.equal(emptied(), 1);
  });

  test("what fails is told to whom it was opened for, and the next has a connection of its own", async () => {
    const { ask, openings, outcomes } = played({ connectionsLimit: 1 });
    ask("/1");
    ask("/2");
    await at(openings, 0).failed(new Error("refused"));
    assert.deepEqual(outcomes, { "/1": "refused" });
    const second = await at(openings, 1).opened();
    assert.deepEqual(second.served, ["/2"]);
  });

  test("questions inside a handshake are asked for whoever waits, and for nobody otherwise", async () => {
    const { ask, openings } = played();
    const asked: string[] = [];
    const agreeing = (path: string): Partial<HopOptions> => ({
      agreement: {
        terms: NO_TERMS,
        chooseIdentity: () => {
          asked.push(path);
          return Promise.resolve(null);
        },
        judgeCertificate: undefined,
      },
    });
    ask("/1");
    const first = await at(openings, 0).opened();
    ask("/2", agreeing("/2"));
    const { chooseIdentity } = at(openings, 1).request;
    assert.ok(chooseIdentity !== undefined);
    first.answer();
    await assert.rejects(chooseIdentity({} as never), /nobody waits/);
    ask("/3", agreeing("/3"));
    await chooseIdentity({} as never);
    assert.deepEqual(asked, ["/3"]);
  });
});

describe("HTTP/2", () => {
  test("takes all that wait on the first connection, and the other openings are given up", async () => {
    const { ask, openings } = played();
    for (const path of ["/1", "/2", "/3"]) ask(path);
    assert.equal(openings.length, 3);
    const connection = await at(openings, 1).opened("h2", 100);
    assert.deepEqual(connection.served, ["/2", "/1", "/3"]);
    assert.deepEqual(
      openings.map(({ request }) => request.signal.aborted),
      [true, false, true],
    );
  });

  test("beyond its limit of streams another connection is opened", async () => {
    const { ask, openings } = played();
    for (const path of ["/1", "/2", "/3"]) ask(path);
    const connection = await at(openings, 0).opened("h2", 2);
    assert.deepEqual(connection.served, ["/1", "/2"]);
    connection.answer();
    assert.deepEqual(connection.served, ["/1", "/2", "/3"]);
  });

  test("of an origin that speaks it is waited for on one connection; where that fails, on many", async () => {
    const protocols = new ProtocolMemories();
    protocols.of("a").note("h2");
    const { ask, openings, outcomes } = played({ protocols });
    for (const path of ["/1", "/2", "/3"]) ask(path);
    assert.equal(openings.length, 1);
    await at(openings, 0).failed(new Error("refused"));
    assert.equal(openings.length, 3);
    assert.deepEqual(outcomes, { "/1": "refused" });
  });

  test("requests that GOAWAY left out are made again elsewhere", async () => {
    const { ask, openings } = played();
    ask("/1", { method: "POST" });
    const first = await at(openings, 0).opened("h2", 100);
    first.lose("no");
    const second = await at(openings, 1).opened("h2", 100);
    assert.deepEqual(second.served, ["/1"]);
  });

  test("refuses for ever: a request ends after a few times", async () => {
    const { ask, openings, outcomes } = played();
    ask("/1");
    for (let index = 0; outcomes["/1"] === undefined; index += 1) {
      assert.ok(index < 10);
      (await at(openings, index).opened("h2", 100)).lose("no");
    }
    assert.match(outcomes["/1"] ?? "", /without a response/);
  });
});

describe("a kept connection that was lost", () => {
  test("under a request is replaced by a new one, not by another that was kept", async () => {
    const { ask, openings, outcomes } = played({ connectionsLimit: 2 });
    ask("/1");
    ask("/2");
    const first = await at(openings, 0).opened();
    const second = await at(openings, 1).opened();
    first.answer();
    second.answer();
    ask("/3");
    second.lose("unknown");
    const third = await at(openings, 2).opened();
    assert.deepEqual(third.served, ["/3"]);
    third.lose("unknown");
    assert.match(outcomes["/3"] ?? "", /without a response/);
    assert.equal(first.isClosed, false);
  });

  test("makes room for it where no more are allowed", async () => {
    const { ask, openings } = played({ connectionsLimit: 2 });
    ask("/1");
    ask("/2");
    const first = await at(openings, 0).opened();
    const second = await at(openings, 1).opened();
    first.answer();
    ask("/3");
    assert.deepEqual(first.served, ["/1", "/3"]);
    second.answer();
    first.lose("unknown");
    ask("/4");
    assert.deepEqual(second.served, ["/2", "/4"]);
    assert.deepEqual((await at(openings, 2).opened()).served, ["/3"]);
  });
});

describe("a hold", () => {
  test("keeps the connection for the next request with it, and for no other", async () => {
    const { ask, openings } = played();
    const hold = new ConnectionHold();
    ask("/1", { hold });
    const connection = await at(openings, 0).opened();
    assert.equal(hold.state, "held");
    connection.answer();
    ask("/other");
    assert.equal(openings.length, 2);
    ask("/2", { hold });
    ask("/3", { hold });
    connection.answer();
    assert.deepEqual(connection.served, ["/1", "/2", "/3"]);
    hold.release();
    connection.answer();
    assert.deepEqual(connection.served, ["/1", "/2", "/3", "/other"]);
  });

  test("that is released for a user gives it to requests of that user alone", async () => {
    const { ask, openings, poolFor } = played();
    const hold = new ConnectionHold();
    ask("/1", { hold });
    const connection = await at(openings, 0).opened();
    connection.answer();
    hold.release("NTLM alice");
    ask("/nobody");
    assert.deepEqual(connection.served, ["/1"]);
    poolFor({ ...NO_TERMS, authenticatedAs: "NTLM alice" }).dispatch(options({ path: "/alice" }), {});
    assert.deepEqual(connection.served, ["/1", "/alice"]);
    assert.equal(openings.length, 2);
  });

  test("whose connection is lost says so, and what follows fails", async () => {
    const { ask, openings, outcomes } = played();
    const hold = new ConnectionHold();
    ask("/1", { hold });
    const connection = await at(openings, 0).opened();
    connection.answer();
    ask("/2", { hold });
    connection.lose("no");
    assert.equal(hold.state, "lost");
    ask("/3", { hold });
    assert.match(outcomes["/2"] ?? "", /without a response/);
    assert.match(outcomes["/3"] ?? "", /without a response/);
    assert.equal(openings.length, 1);
  });

  test("takes another connection for its first request when a kept one was closed", async () => {
    const { ask, openings, outcomes } = played();
    ask("/0");
    const first = await at(openings, 0).opened();
    first.answer();
    const hold = new ConnectionHold();
    ask("/1", { hold });
    first.lose("no");
    const second = await at(openings, 1).opened();
    assert.equal(hold.state, "held");
    second.answer();
    assert.equal(outcomes["/1"], "done");
    hold.discard();
    assert.ok(second.isClosed);
  });
});

describe("a pool ends", () => {
  test("by destroy: all that waits or is under way fails with its reason", async () => {
    const { ask, openings, outcomes, pool } = played({ connectionsLimit: 2 });
    for (const path of ["/1", "/2", "/3"]) ask(path);
    await at(openings, 0).opened();
    pool.destroy(new Error("the end"));
    pool.dispatch(options({ path: "/4" }), { onResponseError: (_c, { message }) => void (outcomes["/4"] = message) });
    await settled();
    assert.deepEqual(outcomes, { "/1": "the end", "/2": "the end", "/3": "the end", "/4": "the end" });
    assert.equal(at(openings, 1).request.signal.aborted, true);
  });

  test("by close: what waits is served, and what nobody waits for given up", async () => {
    const { ask, openings, outcomes, pool } = played({ connectionsLimit: 2 });
    ask("/1");
    const first = await at(openings, 0).opened();
    ask("/2");
    const closing = pool.close();
    assert.equal(at(openings, 1).request.signal.aborted, false);
    first.answer();
    assert.equal(at(openings, 1).request.signal.aborted, true);
    first.answer();
    await closing;
    assert.ok(first.isClosed);
    assert.deepEqual(outcomes, { "/1": "done", "/2": "done" });
  });
});
