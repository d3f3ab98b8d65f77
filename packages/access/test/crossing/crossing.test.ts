import { transactionOf, type NetworkAccessManager } from "@fairlead/access";
import { mintCertificate, type MintedIdentity } from "@fairlead/testserver/authority";
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import fc from "fast-check";
import { networkFixture } from "../network-fixture.ts";
import { tlsBackends } from "../tls-backends.ts";
import { CONTEXT_FIELD, startWitness, type Secret, type Witness } from "./witness.ts";

const fixture = networkFixture();

const PARTITIONS = [undefined, "https://news.example/today", "https://shop.example/"] as const;
const HOSTS = ["a.fairlead.test", "b.fairlead.test", "a.fairlead.test"] as const;

type Step =
  | { readonly do: "plain" | "last" | "private" | "kept" | "moved" }
  | { readonly do: "cookie"; readonly name: string }
  /** A redirect to another origin, with credentials of the application's own. */
  | { readonly do: "away"; readonly to: number };

interface Visit {
  readonly manager: number;
  readonly partition: number;
  readonly origin: number;
  readonly way: "request" | "fetch";
  readonly step: Step;
}

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom("plain", "last", "private", "kept", "moved") }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("cookie" as const), name: fc.constantFrom("sid", "__Host-sid") }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("away" as const), to: fc.nat(HOSTS.length - 1) }) },
);
const anyVisit: fc.Arbitrary<Visit> = fc.record({
  manager: fc.nat(1),
  partition: fc.nat(PARTITIONS.length - 1),
  origin: fc.nat(HOSTS.length - 1),
  way: fc.constantFrom("request" as const, "fetch" as const),
  step,
});
/** Requests of one group are under way together. */
const sequence = fc.array(fc.array(anyVisit, { minLength: 1, maxLength: 4, size: "max" }), {
  minLength: 12,
  maxLength: 20,
  size: "max",
});

/** Names of client certificates, as many as a run has managers, partitions and origins. */
const NAMES = Array.from({ length: 2 * PARTITIONS.length * HOSTS.length }, (_, index) => `client ${String(index)}`);

describe("nothing that a server recognises a client by crosses between origins, partitions or managers", () => {
  const identities = new Map<string, MintedIdentity>();
  before(async () => {
    const issuer = fixture.network.ca;
    for (const name of NAMES) identities.set(name, await mintCertificate({ issuer, names: [name], usage: "client" }));
  });

  for (const backend of tlsBackends) {
    test(`in random sequences of requests, over ${backend.name}`, async () => {
      const returns = new Map<Secret, number>();
      const returned = new Set<string>();
      await fc.assert(
        fc.asyncProperty(sequence, async (groups) => {
          await using stack = new AsyncDisposableStack();
          const owners = new Map<string, string>();
          const origins: Witness[] = [];
          for (const host of HOSTS) origins.push(stack.use(await startWitness(fixture.network.ca, host, owners)));
          const managers: NetworkAccessManager[] = [];
          for (const index of [0, 1]) {
            const manager = fixture.open({
              tls: { backend },
              onAuthenticate: ({ origin, partition }) => ({
                type: "password",
                username: userName(`${contextOf(index, partition)} ${origin}`),
                password: "secret",
              }),
              onClientCertificate: ({ origin, partition }) => {
                const owner = `${contextOf(index, partition)} ${origin}`;
                const name = NAMES[owners.size];
                const identity = identities.get(name ?? "");
                if (name === undefined || identity === undefined) throw new Error("a certificate was asked for twice");
                owners.set(name, owner);
                return { type: "identity", identity, remember: true };
              },
            });
            managers.push(stack.use(await manager));
          }

          for (const group of groups) await Promise.all(group.map((one) => visit(one, managers, origins, returned)));

          for (const witness of origins) {
            assert.deepEqual(witness.crossings, []);
            for (const [secret, count] of witness.returns) returns.set(secret, (returns.get(secret) ?? 0) + count);
          }
        }),
        { numRuns: 12, seed: 20_261_121 },
      );
      const secrets: Secret[] = ["cookie", "credentials", "connection", "TLS session"];
      // node:tls does not notice a server that only wishes to know who the client is.
      if (backend.name !== "node") secrets.push("client certificate");
      assert.deepEqual([...returned].sort(), ["kept", "moved"], "stored responses were used again");
      for (const secret of secrets) assert.ok((returns.get(secret) ?? 0) > 0, `${secret}: seen where it belongs`);
    });
  }
});

/** In whose name a request is made. */
function contextOf(manager: number, partition: string): string {
  return `${String(manager)}|${partition}`;
}

async function visit(
  { manager: index, partition: at, origin: from, way, step }: Visit,
  managers: readonly NetworkAccessManager[],
  origins: readonly Witness[],
  returned: Set<string>,
): Promise<void> {
  const manager = managers[index] ?? assert.fail("two managers");
  const { origin } = origins[from] ?? assert.fail("an origin for each host");
  const partition = PARTITIONS[at];
  const context = contextOf(index, partition === undefined ? "" : `https://${new URL(partition).hostname}`);
  const headers: Record<string, string> = { [CONTEXT_FIELD]: context };
  if (step.do === "away") headers["authorization"] = basic(`${context} ${origin}`);
  const url = `${origin}${targetOf(step, origins)}`;
  const options = { headers, ...(partition !== undefined && { partition }) };
  const response = way === "fetch" ? await manager.fetch(url, options) : await manager.request(url, options);
  const text = await response.text();
  // What an origin answered to one is kept, and to be seen again by nobody else.
  if (step.do === "kept" || step.do === "moved") {
    assert.equal(text, `${context} ${origin}`);
    if (transactionOf(response)?.hops.some(({ reason }) => reason === "cache") === true) returned.add(step.do);
  }
}

function targetOf(step: Step, origins: readonly Witness[]): string {
  switch (step.do) {
    case "plain":
    case "last":
    case "private":
    case "kept":
    case "moved":
      return `/${step.do}`;
    case "cookie":
      return `/cookie?name=${step.name}`;
    case "away":
      return `/away?to=${encodeURIComponent(origins[step.to]?.origin ?? "")}`;
  }
}

function basic(owner: string): string {
  return `Basic ${Buffer.from(`${userName(owner)}:secret`).toString("base64")}`;
}

/** The name of a user can hold no colon. */
function userName(owner: string): string {
  return Buffer.from(owner).toString("hex");
}
