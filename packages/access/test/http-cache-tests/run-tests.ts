import type { NetworkAccessManager } from "@fairlead/access";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How a test of the suite ended: passed, or the kind of what was wrong and a message. */
export type Outcome = true | readonly [kind: string, message: string];

/** One test of the suite. */
export interface CacheTest {
  readonly id: string;
  readonly name: string;
  /** What it means when it fails; `required` by default. */
  readonly kind?: "required" | "optimal" | "check";
  /** Tests without whose success its result says nothing. */
  readonly depends_on?: readonly string[];
}

/** All of them: most of their time they wait for something to become stale. */
const TESTS_AT_ONCE = 1_000;

interface Suite {
  readonly tests: readonly CacheTest[];
}

type Handle = (segments: string[], request: IncomingMessage, response: ServerResponse) => void;

/** Who is asked: a browser, or a proxy between a client without a cache and the server. */
export type Role = "browser" | "proxy";

/** All tests of the suite that are for a role, and how they ended. */
export async function runCacheTests(
  manager: NetworkAccessManager,
  role: Role,
): Promise<readonly (readonly [CacheTest, Outcome])[]> {
  const { default: suites } = (await load("tests/index.mjs")) as { readonly default: readonly Suite[] };
  const { runTests, getResults } = (await load("client/runner.mjs")) as {
    readonly runTests: (
      suites: readonly Suite[],
      fetch: unknown,
      isBrowser: boolean,
      base: string,
      atOnce: number,
    ) => Promise<void>;
    readonly getResults: () => Readonly<Record<string, Outcome>>;
  };
  await using server = await startServer();
  // A proxy is asked by a client that goes past caches of its own: here the manager is both.
  const ask = (url: string, init: RequestInit = {}): Promise<Response> =>
    manager.fetch(url, role === "proxy" ? { ...init, cache: "default" } : init);
  await runTests(suites, ask, role === "browser", server.origin, TESTS_AT_ONCE);
  const outcomes = getResults();
  return suites
    .flatMap(({ tests }) => tests)
    .flatMap((test) => {
      const outcome = outcomes[test.id];
      return outcome === undefined ? [] : [[test, outcome] as const];
    });
}

/** The suite is JavaScript without types. */
function load(file: string): Promise<unknown> {
  return import(`http-cache-tests/${file}`);
}

/** The suite's own server listens to the world, on a port that is to be known beforehand; its handlers do not mind. */
async function startServer(): Promise<AsyncDisposable & { readonly origin: string }> {
  const handlers = new Map<string, Handle>();
  for (const name of ["config", "state", "test"]) {
    const { default: handle } = (await load(`server/handle-${name}.mjs`)) as { readonly default: Handle };
    handlers.set(name, handle);
  }
  const server = createServer((request, response) => {
    const [, name = "", ...segments] = new URL(request.url ?? "", "http://localhost").pathname.split("/");
    const handle = handlers.get(name);
    if (handle === undefined) response.writeHead(404).end();
    else handle(segments, request, response);
  });
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
