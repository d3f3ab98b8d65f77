import { PolicyError, TransportError, UsageError } from "@fairlead/core";
import assert from "node:assert/strict";
import { duplexPair, type Duplex } from "node:stream";
import { describe, test } from "node:test";
import type { Network } from "@fairlead/iot/mqtt";
import { BrokerLine, type BrokerConnection } from "../../src/messaging/broker-line.ts";
import type { BrokerOptions, CredentialsQuestion, Reconnecting } from "../../src/messaging/broker-options.ts";
import { readBrokerUrl } from "../../src/messaging/broker-url.ts";
import type { Pace } from "../../src/messaging/pace.ts";

type State = "offline" | "local" | "portal" | "online";

/** A network that does as it is told, and a time that passes when it is waited for. */
class SimulatedNetwork implements Network {
  state: State = "online";
  canTell = true;
  now = 0;
  random = 0;
  readonly opened: string[] = [];
  readonly waits: number[] = [];
  /** What the next connections fail with; `undefined` lets one through. */
  readonly failures: (Error | undefined)[] = [];
  readonly #waiting = new Set<() => void>();

  readonly pace: Pace = {
    now: () => this.now,
    random: () => this.random,
    wait: (milliseconds, signal) => {
      signal.throwIfAborted();
      this.waits.push(milliseconds);
      this.now += milliseconds;
      return Promise.resolve();
    },
  };

  readonly connectivity: Network["connectivity"] = {
    until: async (wanted, { signal } = { signal: new AbortController().signal }) => {
      if (wanted !== "local" && !this.canTell) throw new UsageError("CONNECTIVITY_PROBE_MISSING");
      const { promise, resolve, reject } = Promise.withResolvers<undefined>();
      const look = (): void => {
        if (this.state === wanted) resolve(undefined);
      };
      signal.addEventListener("abort", () => reject(signal.reason));
      this.#waiting.add(look);
      look();
      await promise.finally(() => this.#waiting.delete(look));
    },
  };

  get waiting(): number {
    return this.#waiting.size;
  }

  become(state: State): void {
    this.state = state;
    for (const look of [...this.#waiting]) look();
  }

  connect(url: string | URL): Promise<Duplex> {
    this.opened.push(String(url));
    const failure = this.failures.shift();
    return failure === undefined ? Promise.resolve(duplexPair()[0]) : Promise.reject(failure);
  }

  connectDatagrams(): Promise<never> {
    return Promise.reject(new Error("brokers speak on streams"));
  }
}

const line = (network: SimulatedNetwork, options: BrokerOptions = {}, url = "mqtt://broker.example"): BrokerLine =>
  new BrokerLine(network, readBrokerUrl(url, { clear: "mqtt:", secure: "mqtts:" }), options, network.pace);
const greet = (connection: BrokerConnection): Promise<BrokerConnection> => Promise.resolve(connection);
const lost = (): Error => new TransportError("CONNECTION_RESET");
/** All that was begun has come to its end, where nothing but promises is waited for. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a line to a broker waits for a network", () => {
  test("no connection is tried without one, and one is when there is, whether it leads to the internet or not", async () => {
    for (const found of ["local", "portal", "online"] as const) {
      const network = new SimulatedNetwork();
      network.state = "offline";
      const opening = line(network).first(greet);
      await settled();
      assert.deepEqual(network.opened, []);
      network.become(found);
      await opening;
      assert.deepEqual(network.opened, ["mqtt://broker.example"]);
      assert.equal(network.waiting, 0);
    }
  });

  test("where nothing can tell of an internet, for an address", async () => {
    const network = new SimulatedNetwork();
    network.canTell = false;
    network.state = "offline";
    const opening = line(network).first(greet);
    await settled();
    assert.deepEqual(network.opened, []);
    network.become("local");
    await opening;
  });

  test("for the internet, where the application says so", async () => {
    const network = new SimulatedNetwork();
    network.state = "local";
    const opening = line(network, { waitFor: "online" }).first(greet);
    await settled();
    assert.deepEqual(network.opened, []);
    network.become("online");
    await opening;
  });

  test("for none where the broker is on this machine", async () => {
    const network = new SimulatedNetwork();
    network.state = "offline";
    await line(network, {}, "mqtt://localhost").first(greet);
  });

  test("a lost connection is opened again when the network is back, and no attempt counts before", async () => {
    const network = new SimulatedNetwork();
    const told: Reconnecting[] = [];
    const waiting = line(network, { onReconnecting: (event) => told.push(event) });
    await waiting.first(greet);
    network.become("offline");
    const again = waiting.next(lost());
    await settled();
    assert.equal(network.opened.length, 1);
    network.become("local");
    await again;
    assert.equal(network.opened.length, 2);
    assert.deepEqual(
      told.map(({ attempt }) => attempt),
      [1],
    );
  });

  test("a signal ends the wait with its reason", async () => {
    const network = new SimulatedNetwork();
    network.state = "offline";
    const ending = new AbortController();
    const opening = line(network, { signal: ending.signal }).first(greet);
    const reason = new Error("enough");
    await settled();
    ending.abort(reason);
    await assert.rejects(opening, (error) => error === reason);
    assert.equal(network.waiting, 0);
    await assert.rejects(line(network, { signal: ending.signal }).first(greet), (error) => error === reason);
  });
});

describe("a line to a broker does not storm it", () => {
  const reconnect = { delayMilliseconds: 100, delayLimitMilliseconds: 1_000 };

  test("the wait doubles with each attempt that fails, up to its limit, and is told", async () => {
    const network = new SimulatedNetwork();
    const told: Reconnecting[] = [];
    const again = line(network, { reconnect, onReconnecting: (event) => told.push(event) });
    await again.first(greet);
    network.failures.push(lost(), lost(), lost(), lost(), lost());
    await again.next(undefined);
    assert.deepEqual(network.waits, [100, 200, 400, 800, 1_000, 1_000]);
    assert.deepEqual(
      told.map(({ afterMilliseconds }) => afterMilliseconds),
      network.waits,
    );
    assert.equal(told[0]?.error, undefined);
    assert.ok(told[1]?.error instanceof TransportError);
  });

  test("a broker that lets clients in and ends them at once is waited for longer and longer", async () => {
    const network = new SimulatedNetwork();
    const again = line(network, { reconnect });
    await again.first(greet);
    for (let n = 0; n < 4; n += 1) {
      await again.next(lost());
      again.opened();
    }
    assert.deepEqual(network.waits, [100, 200, 400, 800]);
    network.now += 1_000;
    await again.next(lost());
    assert.equal(network.waits.at(-1), 100, "a connection that has lasted makes the wait short again");
  });

  test("clients that lost a broker together do not come back together", async () => {
    const network = new SimulatedNetwork();
    network.random = 0.5;
    const again = line(network, { reconnect });
    await again.first(greet);
    await again.next(lost());
    assert.deepEqual(network.waits, [125]);
  });

  test("attempts have an end where the policy has one, and it is the last error", async () => {
    const network = new SimulatedNetwork();
    const again = line(network, { reconnect: { ...reconnect, attempts: 2 } });
    await again.first(greet);
    const last = lost();
    network.failures.push(lost(), last);
    await assert.rejects(again.next(lost()), (error) => error === last);
    assert.equal(network.opened.length, 3);
  });

  test("what the application does not want is not tried again, and without reconnecting nothing is", async () => {
    for (const refusal of [new PolicyError("CLIENT_CERTIFICATE_DECLINED"), new UsageError("MANAGER_CLOSED")]) {
      const network = new SimulatedNetwork();
      const again = line(network, { reconnect });
      await again.first(greet);
      network.failures.push(refusal);
      await assert.rejects(again.next(lost()), (error) => error === refusal);
    }
    const network = new SimulatedNetwork();
    const once = line(network, { reconnect: false });
    await once.first(greet);
    await assert.rejects(once.next(lost()), TransportError);
    assert.equal(network.opened.length, 1);
  });

  test("the first connection is tried once", async () => {
    const network = new SimulatedNetwork();
    const failure = lost();
    network.failures.push(failure);
    await assert.rejects(line(network).first(greet), (error) => error === failure);
    assert.equal(network.opened.length, 1);
  });
});

describe("who connects", () => {
  test("is asked for each connection, with what the URL says", async () => {
    const network = new SimulatedNetwork();
    const asked: Omit<CredentialsQuestion, "signal">[] = [];
    const again = line(
      network,
      {
        onCredentials: ({ peer, secure, username, attempt }) => {
          asked.push({ peer, secure, username, attempt });
          return { type: "password", username: "sensor", password: `token ${String(attempt)}` };
        },
      },
      "mqtts://sensor@broker.example",
    );
    const first = await again.first(greet);
    const second = await again.next(lost());
    const question = { peer: "broker.example", secure: true, username: "sensor" };
    assert.deepEqual(asked, [
      { ...question, attempt: 0 },
      { ...question, attempt: 1 },
    ]);
    assert.deepEqual(
      [first, second].map(({ credentials }) => credentials?.type === "password" && credentials.password),
      ["token 0", "token 1"],
    );
  });

  test("a name in the URL that nobody has the password for is refused", () => {
    assert.throws(
      () => line(new SimulatedNetwork(), {}, "mqtts://sensor@broker.example"),
      (error) => error instanceof UsageError && error.code === "URL_USER_INFORMATION",
    );
  });

  test("no password goes to another machine in the clear, unless that is allowed by name", async () => {
    const onCredentials = () => ({ type: "password", username: "a", password: "secret" }) as const;
    const network = new SimulatedNetwork();
    await assert.rejects(line(network, { onCredentials }).first(greet), (error) => {
      assert.ok(error instanceof PolicyError);
      assert.equal(error.code, "AUTHENTICATION_REFUSED");
      assert.doesNotMatch(error.message, /secret/);
      return true;
    });
    assert.deepEqual(network.opened, []);
    await line(network, { onCredentials }, "mqtt://localhost").first(greet);
    await line(network, { onCredentials, dangerous: { sendSecretsInTheClear: true } }).first(greet);
  });
});

for (const options of [
  { reconnect: { attempts: 0 } },
  { reconnect: { delayMilliseconds: -1 } },
  { timeoutMilliseconds: 0 },
  { timeoutMilliseconds: 2 ** 31 },
]) {
  test(`${JSON.stringify(options)} is refused before anything is opened`, () => {
    assert.throws(
      () => line(new SimulatedNetwork(), options),
      (error) => error instanceof UsageError && error.code === "OPTION_INVALID",
    );
  });
}
