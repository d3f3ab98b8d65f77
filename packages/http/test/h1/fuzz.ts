import fc from "fast-check";
import assert from "node:assert/strict";
import { latin1 } from "./feeding.ts";
import { mutatedRequests } from "./request-arbitraries.ts";
import { feedRequests } from "./request-feeding.ts";

/** Feeds requests, made by chance from a seed, in three cuts, which must tell the same. @returns what came of them. */
export function fuzzRequests(seed: number): string {
  const [text = ""] = fc.sample(mutatedRequests, { numRuns: 1, seed });
  const bytes = latin1(text);
  const whole = feedRequests([bytes]);
  const middle = bytes.length >> 1;
  const cuts = [Array.from(bytes, (byte) => Uint8Array.of(byte)), [bytes.subarray(0, middle), bytes.subarray(middle)]];
  for (const pieces of cuts)
    assert.deepEqual(feedRequests(pieces), whole, `seed ${String(seed)}: ${JSON.stringify(text)}`);
  return whole.refusal?.slice(0, 3) ?? "read";
}
