import type { TlsFacts } from "@fairlead/access";
import { TlsError } from "@fairlead/core";
import type { TlsBackend } from "@fairlead/tls";
import { nodeTls } from "@fairlead/tls/node";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { networkFixture } from "./network-fixture.ts";
import { tlsBackends } from "./tls-backends.ts";

const fixture = networkFixture();
const { open } = fixture;
/** Knows no more than a backend must. */
const plain: TlsBackend = {
  ...nodeTls,
  name: "plain",
  capabilities: async () => ({ ...(await nodeTls.capabilities()), keyLog: false, earlyData: false }),
};
const onKeyLog = (): void => undefined;

async function facts(tls: object): Promise<TlsFacts | undefined> {
  await using manager = await open({ tls });
  const reply = await manager.request(`${fixture.network.https.origin}/json`);
  await reply.bytes();
  return reply.transaction.hops[0]?.tls;
}

describe("the TLS backend is chosen, and the transaction says why", () => {
  test("node:tls where nothing is said", async () => {
    const { backend, backendReason } = (await facts({})) ?? {};
    assert.deepEqual([backend, backendReason], ["node", "the default"]);
  });

  for (const backend of tlsBackends) {
    test(`${backend.name}, when it is named`, async () => {
      const tls = await facts({ backend });
      assert.deepEqual([tls?.backend, tls?.backendReason], [backend.name, "named by the application"]);
      assert.equal(tls?.library, `${backend.library.name} ${backend.library.version}`);
    });
  }

  test("the first candidate, where any can do what is asked", async () => {
    const tls = await facts({ backends: [plain, nodeTls] });
    assert.deepEqual([tls?.backend, tls?.backendReason], ["plain", "the first candidate that is there"]);
  });

  test("the first candidate that can do what the options need", async () => {
    const tls = await facts({ backends: [plain, nodeTls], dangerous: { onKeyLog } });
    assert.deepEqual(
      [tls?.backend, tls?.backendReason],
      ["node", "the first candidate that can do key-log (plain cannot do key-log)"],
    );
  });

  test("a candidate whose library is not there is passed over", async () => {
    const absent = (): never => {
      throw new TlsError("TLS_LIBRARY_UNAVAILABLE");
    };
    const tls = await facts({ backends: [absent, () => nodeTls] });
    assert.deepEqual(
      [tls?.backend, tls?.backendReason],
      ["node", "the first candidate that is there (one is not there)"],
    );
    await assert.rejects(open({ tls: { backends: [absent] } }), { code: "TLS_LIBRARY_UNAVAILABLE" });
  });

  test("a candidate that fails otherwise is not", async () => {
    const broken = (): never => {
      throw new Error("a mistake");
    };
    await assert.rejects(open({ tls: { backends: [broken, nodeTls] } }), { message: "a mistake" });
  });
});

describe("options that a backend cannot honour are refused when the manager is opened", () => {
  test("by the one that is named, with those that can", async () => {
    await assert.rejects(open({ tls: { backend: plain, dangerous: { onKeyLog } } }), {
      code: "TLS_OPTION_UNSUPPORTED",
      remedy: /'node' or 'openssl' or 'gnutls'/,
    });
  });

  test("when no candidate can", async () => {
    await assert.rejects(open({ tls: { backends: [plain], dangerous: { onKeyLog } } }), {
      code: "TLS_OPTION_UNSUPPORTED",
    });
  });

  test("one and a list of candidates at once, or none, is a mistake", async () => {
    await assert.rejects(open({ tls: { backend: nodeTls, backends: [nodeTls] } }), { code: "OPTION_INVALID" });
    await assert.rejects(open({ tls: { backends: [] } }), { code: "OPTION_INVALID" });
  });
});

test("dangerous.onKeyLog is handed the secrets of each connection", async () => {
  const lines: string[] = [];
  await facts({ dangerous: { onKeyLog: (line: string) => lines.push(line) } });
  assert.match(lines.join("\n"), /^CLIENT_HANDSHAKE_TRAFFIC_SECRET /m);
});
