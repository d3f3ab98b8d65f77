import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { decodePem } from "../../src/certificates/pem.ts";
import type { TlsTrust } from "../../src/index.ts";
import { judgeChain } from "../../src/verdict/judge-chain.ts";
import { verdictMemory } from "../../src/verdict/verdict-memory.ts";
import { limboCases, limboQuestion } from "../certificates/limbo/cases.ts";
import { mint, mintKeys } from "../certificates/mint.ts";

const { cases, blobs } = limboCases();
const root = { subject: "Root", keys: mintKeys(), ca: true };
/** Nothing that an authority of browsers would issue: its common name is none of its names, it has no purpose. */
const careless = mint({ subject: "careless", keys: mintKeys(), by: root, names: ["a.test"] });
const rootPem = pem(mint(root));

describe("the rules below an anchor", () => {
  test("are those of the web below bundled roots, and real sites follow them", async () => {
    const sites = cases.filter(({ id }) => id.startsWith("online::"));
    assert.ok(sites.length > 10);
    for (const each of sites) {
      const { leaf, intermediates: sent, host, time } = limboQuestion(each, blobs);
      const { objection } = await judgeChain(
        { leaf, sent, staple: undefined, library: undefined },
        { purpose: "server", host, peer: undefined, trust: { type: "bundled" } },
        { now: time, memory: verdictMemory() },
      );
      assert.equal(objection?.message, undefined, each.id);
    }
  });

  test("are those of path validation below an authority of one's own, also among the default ones", async () => {
    const before = getCACertificates("default");
    assert.deepEqual(await problems({ type: "anchors", certificates: [rootPem] }), []);
    assert.deepEqual(await problems({ type: "default" }), ["ISSUER_UNKNOWN"]);
    setDefaultCACertificates([...before, rootPem]);
    try {
      assert.deepEqual(await problems({ type: "default" }), []);
      assert.deepEqual(await problems({ type: "bundled" }), ["ISSUER_UNKNOWN"]);
    } finally {
      setDefaultCACertificates([...before]);
    }
    assert.deepEqual(await problems({ type: "default" }), ["ISSUER_UNKNOWN"]);
  });

  test("excuse the form of the anchor itself: every bundled root can end a path", async () => {
    const now = Date.parse("2026-11-01");
    for (const certificate of getCACertificates("bundled")) {
      const [leaf = Buffer.alloc(0)] = decodePem(certificate, "CERTIFICATE");
      const { objection } = await judgeChain(
        { leaf, sent: [], staple: undefined, library: undefined },
        {
          purpose: "server",
          host: undefined,
          peer: undefined,
          trust: { type: "anchors", certificates: [certificate] },
        },
        { now, memory: verdictMemory() },
      );
      // A root is no server; but nothing else is wrong with it.
      const found = objection?.problems.map(({ code }) => code) ?? [];
      assert.deepEqual(
        found.filter((code) => code !== "KEY_USAGE_UNSUITABLE" && code !== "EXPIRED"),
        [],
      );
    }
  });
});

async function problems(trust: TlsTrust): Promise<readonly string[]> {
  const { objection } = await judgeChain(
    { leaf: careless, sent: [], staple: undefined, library: undefined },
    { purpose: "server", host: "a.test", peer: undefined, trust },
    { now: Date.parse("2030-01-01"), memory: verdictMemory() },
  );
  return objection?.problems.map(({ code }) => code) ?? [];
}

function pem(certificate: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${certificate.toString("base64")}\n-----END CERTIFICATE-----\n`;
}
