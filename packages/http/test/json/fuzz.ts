import { ContentError } from "@fairlead/core";
import { findJsonFault, readJson } from "@fairlead/http/json";
import fc from "fast-check";
import assert from "node:assert/strict";
import { jsonTexts, mutatedJsonTexts } from "./json-texts.ts";

const texts = fc.oneof(jsonTexts, mutatedJsonTexts, fc.string());

/** Reads a text, made by chance from a seed, as `JSON.parse` does and strictly. @returns what came of it. */
export function fuzzJson(seed: number): string {
  const [text = ""] = fc.sample(texts, { numRuns: 1, seed });
  const isJson = isParsed(text);
  const fault = findJsonFault(text, { depthLimit: Infinity, duplicates: "last" });
  assert.equal(fault === undefined, isJson, `seed ${String(seed)}: ${JSON.stringify(text)}`);
  try {
    assert.deepEqual(readJson(text), JSON.parse(text));
    return "JSON";
  } catch (error) {
    assert.ok(error instanceof ContentError, `seed ${String(seed)}: ${JSON.stringify(text)}: ${String(error)}`);
    assert.ok(!isJson || error.code !== "JSON_INVALID");
    return error.code;
  }
}

function isParsed(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
