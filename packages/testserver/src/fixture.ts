/** A test network for each file of tests, whatever runs them. */
import { startTestNetwork, type TestNetwork, type TestNetworkOptions } from "./network.ts";

/** Takes a function that the test runner is to call, and wait for. */
export type RegisterHook = (hook: () => Promise<void>) => unknown;

/**
 * The hooks of a test runner: `before` and `after` as node:test and mocha have them, or `beforeAll` and `afterAll` as
 * vitest and jest do; they may be of a file or of a suite in it. Without `beforeEach`, what one test has changed the next
 * one meets.
 */
export type TestHooks = { readonly beforeEach?: RegisterHook } & (
  | { readonly before: RegisterHook; readonly after: RegisterHook }
  | { readonly beforeAll: RegisterHook; readonly afterAll: RegisterHook }
);

/**
 * Starts a network before the first test and closes it after the last. Before each test its faults are removed, its clock
 * is back at the time that it runs by, and its requests are forgotten; what clients have stored in a service stays.
 *
 * @returns the network, to be used by tests and by hooks that are registered later.
 *
 * @example
 * import { after, before, beforeEach, test } from "node:test";
 *
 * const network = testNetwork({ before, after, beforeEach });
 *
 * test("gives up on a slow server", async () => {
 *   network.faults("http").add({ type: "stall" });
 *   await assert.rejects(fetchWithTimeout(`${network.http.origin}/json`));
 * });
 */
export function testNetwork(hooks: TestHooks, options: TestNetworkOptions = {}): TestNetwork {
  const [first, last] = "before" in hooks ? [hooks.before, hooks.after] : [hooks.beforeAll, hooks.afterAll];
  let network: TestNetwork | undefined;
  first(async () => {
    network = await startTestNetwork(options);
  });
  hooks.beforeEach?.(() => {
    reset(running(network));
    return Promise.resolve();
  });
  last(async () => {
    await network?.close();
  });
  // Whoever registers it has nothing to show yet; whoever uses it later has the network.
  const target: object = {};
  return new Proxy(target, {
    get: (_, key): unknown => Reflect.get(running(network), key),
    has: (_, key) => Reflect.has(running(network), key),
  }) as TestNetwork;
}

function running(network: TestNetwork | undefined): TestNetwork {
  if (network !== undefined) return network;
  throw new Error("the test network is started before the first test; use it in tests and hooks, not beside them");
}

function reset(network: TestNetwork): void {
  network.faults("all").clear();
  // A change has services be opened anew.
  const { offsetMilliseconds } = network.clock;
  if (offsetMilliseconds !== 0) network.clock.advance(-offsetMilliseconds);
  network.clearRequests();
}
