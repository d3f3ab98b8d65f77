import type { ConnectivityChange, NetworkAccessManager } from "@fairlead/access";
import { TimeoutError, TlsError, TransportError, type CertificateProblem } from "@fairlead/core";
import type { ConnectivityHint } from "@fairlead/http/connectivity";
import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { CHECK_PARTITION } from "../../src/connectivity/checks.ts";
import { ConnectivityHints } from "../../src/connectivity/hints.ts";
import type { ConnectRequest } from "../../src/pool/connect-request.ts";
import type { Connector } from "../../src/pool/connector.ts";
import { networkFixture } from "../network-fixture.ts";
import { answering, scriptedServer } from "../scripted-server.ts";
import { failure } from "../typed-failure.ts";
import { connected } from "./connected.ts";

const fixture = networkFixture();

/** What is heard of connections that end like this. */
async function hintsOf(
  outcomes: readonly unknown[],
  request: Partial<ConnectRequest> = {},
): Promise<readonly ConnectivityHint[]> {
  const hints = new ConnectivityHints();
  const heard: ConnectivityHint[] = [];
  hints.listen((hint) => heard.push(hint));
  for (const outcome of outcomes) {
    const connect = hints.observe((async () => {
      if (outcome instanceof Error) throw outcome;
      return Promise.resolve({ facts: outcome });
    }) as unknown as Connector);
    await connect({ partition: "", signal: new AbortController().signal, ...request } as ConnectRequest).catch(
      () => "",
    );
  }
  return heard;
}

describe("what connections say about the network", () => {
  const refused = new TransportError("CONNECTION_REFUSED");
  const problem = (code: "HOST_MISMATCH" | "ISSUER_UNKNOWN"): CertificateProblem => ({
    code,
    certificate: { index: 0, subject: "CN=portal" },
    detail: undefined,
    message: "",
    remedy: "",
  });
  const mismatch = new TlsError("CERTIFICATE_HOST_MISMATCH", { problems: [problem("HOST_MISMATCH")] });
  // A portal's certificate is nobody's, as well.
  const unknown = new TlsError("CERTIFICATE_ISSUER_UNKNOWN", {
    problems: [problem("ISSUER_UNKNOWN"), problem("HOST_MISMATCH")],
  });
  const table: readonly (readonly [what: string, outcomes: readonly unknown[], hints: readonly ConnectivityHint[]])[] =
    [
      ["another host's certificate", [mismatch], ["name-mismatch"]],
      ["another host's certificate of an unknown authority", [unknown], ["name-mismatch"]],
      ["an expired certificate", [new TlsError("CERTIFICATE_EXPIRED")], []],
      ["a handshake that takes long", [{ secureMilliseconds: 5001 }], ["slow-handshake"]],
      ["one that does not", [{ secureMilliseconds: 4999 }], []],
      ["no TLS", [{ secureMilliseconds: undefined }], []],
      ["a handshake that never ends", [new TimeoutError("secure")], ["slow-handshake"]],
      ["two refusals", [refused, refused], []],
      ["three", [refused, new TimeoutError("connect"), new TransportError("NETWORK_UNREACHABLE")], ["unreachable"]],
      ["names that do not exist", Array.from({ length: 9 }, () => new TransportError("NAME_NOT_FOUND")), []],
      ["what is not the network's doing", Array.from({ length: 9 }, () => new Error("else")), []],
    ];
  for (const [what, outcomes, hints] of table) {
    test(`${what}: ${hints.length === 0 ? "nothing" : hints.join()}`, async () => {
      assert.deepEqual(await hintsOf(outcomes), hints);
    });
  }

  test("what was given up, and checks themselves, say nothing", async () => {
    assert.deepEqual(await hintsOf([mismatch], { signal: AbortSignal.abort() }), []);
    assert.deepEqual(await hintsOf([mismatch], { partition: CHECK_PARTITION }), []);
  });
});

test("what requests meet has the manager look for a portal", async () => {
  const port = (name: "https-wrong-host" | "tcp-silent"): string => String(fixture.network.service(name).port);
  const meet = {
    "name-mismatch": (manager: NetworkAccessManager) =>
      manager.request(`https://localhost:${port("https-wrong-host")}/`),
    "slow-handshake": (manager: NetworkAccessManager) =>
      manager.request(`https://localhost:${port("tcp-silent")}/`, { timeouts: { secure: 50 } }),
    unreachable: async (manager: NetworkAccessManager) => {
      for (let count = 0; count < 2; count += 1) await failure(() => manager.request("http://127.0.0.1:1/"));
      return manager.request("http://127.0.0.1:1/");
    },
  };
  const found = await Promise.all(
    Object.entries(meet).map(async ([cause, run]) => {
      let answer = "HTTP/1.1 204 OK\r\n\r\n";
      await using server = await scriptedServer(answering(() => answer));
      await using manager = await fixture.open(connected({ probeUrl: server.origin }));
      const { connectivity } = manager;
      connectivity.addEventListener("change", () => undefined);
      await connectivity.until("online");
      answer = "HTTP/1.1 511 Who are you\r\nContent-Length: 0\r\n\r\n";
      const changed = once(connectivity, "change");
      await failure(() => run(manager));
      const [event] = (await changed) as [ConnectivityChange];
      assert.deepEqual([event.state, event.cause], ["portal", cause]);
      return event.cause;
    }),
  );
  assert.equal(found.length, 3);
});
