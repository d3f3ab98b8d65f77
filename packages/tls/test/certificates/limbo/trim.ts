/**
 * node --conditions=source packages/tls/test/certificates/limbo/trim.ts FILE...
 *
 * Makes cases.json.gz out of x509-limbo's JSON: what a verifier is asked and what it should answer, each certificate
 * once, without keys and prose.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { LimboCase } from "./cases.ts";

interface Testcase {
  readonly id: string;
  readonly features: readonly string[];
  readonly importance: string;
  readonly validation_kind: "SERVER" | "CLIENT";
  readonly trusted_certs: readonly string[];
  readonly untrusted_intermediates: readonly string[];
  readonly peer_certificate: string;
  readonly validation_time: string | null;
  readonly expected_result: "SUCCESS" | "FAILURE";
  readonly expected_peer_name: { readonly kind: string; readonly value: string } | null;
  readonly max_chain_depth: number | null;
  readonly crls: readonly string[];
}

const blobs = new Map<string, number>();
const cases = process.argv
  .slice(2)
  .flatMap((file) => (JSON.parse(readFileSync(file, "utf8")) as { readonly testcases: readonly Testcase[] }).testcases)
  .map(trim);
const text = JSON.stringify({ cases, blobs: [...blobs.keys()] });
writeFileSync(join(import.meta.dirname, "cases.json.gz"), gzipSync(text, { level: 9 }));
console.log(cases.length, "cases,", blobs.size, "certificates and lists");

function trim(testcase: Testcase): LimboCase {
  return {
    id: testcase.id,
    features: testcase.features,
    importance: testcase.importance,
    purpose: testcase.validation_kind === "CLIENT" ? "client" : "server",
    anchors: testcase.trusted_certs.map(keep),
    intermediates: testcase.untrusted_intermediates.map(keep),
    leaf: keep(testcase.peer_certificate),
    lists: testcase.crls.map(keep),
    ...(testcase.validation_time === null ? {} : { time: testcase.validation_time }),
    ...(testcase.expected_peer_name === null ? {} : { host: testcase.expected_peer_name.value }),
    ...(testcase.max_chain_depth === null ? {} : { maxDepth: testcase.max_chain_depth }),
    trusted: testcase.expected_result === "SUCCESS",
  };
}

/** Puts the bytes of a PEM block among the blobs, and returns where. */
function keep(pem: string): number {
  const body = pem.replace(/-----[^-]+-----|\s/g, "");
  const known = blobs.get(body);
  if (known !== undefined) return known;
  blobs.set(body, blobs.size);
  return blobs.size - 1;
}
