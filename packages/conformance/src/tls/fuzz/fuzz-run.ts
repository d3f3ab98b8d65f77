import assert from "node:assert/strict";
import { parseArgs } from "node:util";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import { engineBackend } from "@fairlead/tls/engine";
import { nodeTls } from "@fairlead/tls/node";
import type { CallbackWatch } from "../callback-watch.ts";
import { mintCertificates } from "../certificates.ts";
import type { EngineLibraryUnderTest } from "../engine-suite.ts";
import { fuzzConnection } from "./fuzz-connection.ts";
import { fuzzEngines } from "./fuzz-engine.ts";
import { randomFrom } from "./random.ts";

/** How many cases ended in which way. */
export interface FuzzReport {
  readonly seed: number;
  readonly cases: number;
  readonly codes: Readonly<Record<string, number>>;
}

/**
 * The body of a program that tries a library of engines by chance:
 *
 *     fuzz.ts [--seed NUMBER] [--cases NUMBER] [--seconds NUMBER]
 *
 * Each case has the seed of the run plus its own number, so `--seed` of the one that failed and `--cases 1` repeat it.
 */
export async function fuzzLibrary(library: EngineLibraryUnderTest, callbacks: CallbackWatch): Promise<FuzzReport> {
  const { values } = parseArgs({
    options: { seed: { type: "string" }, cases: { type: "string" }, seconds: { type: "string" } },
  });
  const seed = Number(values.seed ?? 1);
  const most = values.seconds === undefined ? Number(values.cases ?? 300) : Infinity;
  const deadline = performance.now() + Number(values.seconds ?? Infinity) * 1_000;
  const certificates = await mintCertificates();
  const authority = await mintAuthority({ commonName: "Clients" });
  const clients = {
    trust: { type: "anchors", certificates: [authority.certificate] },
    identity: await mintCertificate({ issuer: authority, names: ["client.test"], usage: "client" }),
  } as const;
  const backend = engineBackend(library);
  const ticketKeys = new Uint8Array(48).fill(7);
  const pairs = [
    { client: backend, server: backend },
    { client: backend, server: nodeTls },
    { client: nodeTls, server: backend },
  ] as const;
  // Found out once, before anything fails.
  await Promise.all([backend.capabilities(), nodeTls.capabilities()]);
  const codes: Record<string, number> = {};
  /** Sessions are of one library, and what another makes of them is tried as well. */
  let session: Uint8Array | undefined;
  let cases = 0;
  for (; cases < most && performance.now() < deadline; cases += 1) {
    const random = randomFrom(seed + cases);
    try {
      callbacks.failAt(random.chance(0.2) ? 1 + random.below(60) : 0);
      fuzzEngines(library, certificates, random);
      callbacks.failAt(random.chance(0.2) ? 1 + random.below(120) : 0);
      const pair = random.pick(pairs);
      const outcome = await fuzzConnection(
        {
          ...pair,
          capabilities: {
            client: await pair.client.capabilities(),
            server: await pair.server.capabilities(),
          },
          certificates,
          clients,
          session: random.chance(0.3) ? session : undefined,
          ticketKeys,
        },
        random,
      );
      session = outcome.session ?? session;
      for (const code of outcome.codes) codes[code] = (codes[code] ?? 0) + 1;
      if (outcome.codes.length === 0) codes["none"] = (codes["none"] ?? 0) + 1;
      assert.equal(library.live.size, 0, "an engine is not freed");
      assert.deepEqual(callbacks.escaped, [], "an exception reached C");
    } catch (cause) {
      throw new Error(`seed ${String(seed + cases)} of ${library.name}`, { cause });
    }
  }
  return { seed, cases, codes };
}
