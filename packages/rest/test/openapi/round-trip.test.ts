import { describeApi, importOpenApi } from "@fairlead/rest/openapi";
import { Validator } from "@seriousme/openapi-schema-validator";
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { parse } from "yaml";
import { differences, meaningOf } from "./document-meaning.ts";
import { runSource } from "./imported-module.ts";

const folder = new URL("./documents/", import.meta.url);

const PROBLEMS = "what is not listed is problem details";
const NAMES = "operations are called by identifiers";
const BODIES = "a body that may be left out has to be sent";
const SUCCESSES = "a success that is nowhere listed is 200";
const OBJECTS = "an object in a form is text";
const FILES = "a file says in both words that it is one";
const TEXTS = "text and octets are not looked into";

/** Why a fact of a document is another after the way through a contract. */
const reasons: readonly (readonly [reason: string, names: RegExp])[] = [
  [PROBLEMS, / default$/],
  [NAMES, / operationId$/],
  [BODIES, / body required$/],
  [SUCCESSES, / 200$/],
  [OBJECTS, / multipart\/form-data \.\w+ \.| multipart\/form-data \.\w+ type$/],
  [FILES, / multipart\/form-data \.\w+ contentEncoding$/],
  [TEXTS, / (application\/xml|text\/plain|application\/octet-stream) schema$/],
];

/** How many facts each document has, and how many of them are others for which reason. All others are the same. */
const expected: Readonly<Record<string, readonly [facts: number, others: Readonly<Record<string, number>>]>> = {
  "figma.yaml": [1129, { [PROBLEMS]: 10 }],
  "form-data.json": [21, { [BODIES]: 1, [PROBLEMS]: 1 }],
  "github.yaml": [617, { [BODIES]: 1, [NAMES]: 11, [PROBLEMS]: 11 }],
  "link-example.yaml": [85, { [PROBLEMS]: 6 }],
  "petstore-3.1.yaml": [475, { [BODIES]: 2, [SUCCESSES]: 4, [TEXTS]: 9, [PROBLEMS]: 20 }],
  "petstore-expanded.yaml": [58, { [NAMES]: 1, [PROBLEMS]: 4 }],
  "petstore.yaml": [495, { [BODIES]: 2, [FILES]: 1, [SUCCESSES]: 4, [TEXTS]: 8, [PROBLEMS]: 20 }],
  "polymorphism.yaml": [254, { [BODIES]: 11, [NAMES]: 13, [PROBLEMS]: 13 }],
  "readme.yaml": [180, { [BODIES]: 1, [PROBLEMS]: 5 }],
  "response-multiple-mediatypes.yaml": [44, { [BODIES]: 2, [NAMES]: 4, [TEXTS]: 6, [PROBLEMS]: 4 }],
  "schema-circular.yaml": [179, { [BODIES]: 2, [OBJECTS]: 125, [NAMES]: 3, [PROBLEMS]: 3 }],
  "uspto.yaml": [67, { [BODIES]: 1, [NAMES]: 3, [PROBLEMS]: 3 }],
};

describe("a document, its contract, and the contract's document", async () => {
  const validator = new Validator();
  const files = (await readdir(folder)).filter((name) => /\.(ya?ml|json)$/.test(name));

  test("there are documents enough, and an expectation for each", () => {
    assert.ok(files.length >= 8);
    assert.deepEqual(Object.keys(expected).sort(), [...files].sort());
  });

  for (const file of files) {
    test(`${file} says the same afterwards, but for what is listed with its reason`, async () => {
      const text = await readFile(new URL(file, folder), "utf8");
      const { source } = await importOpenApi(text);
      const { api } = await runSource(source);
      const described = JSON.parse(JSON.stringify(describeApi(api))) as Record<string, unknown>;
      const { errors } = await validator.validate(structuredClone(described));
      assert.deepEqual(errors ?? [], []);

      const before = meaningOf(parse(text) as Record<string, unknown>);
      const counts: Record<string, number> = {};
      for (const name of differences(before, meaningOf(described))) {
        const [reason] = reasons.find(([, names]) => names.test(name)) ?? [];
        assert.ok(reason !== undefined, `${name} is another, for no reason`);
        counts[reason] = (counts[reason] ?? 0) + 1;
      }
      assert.deepEqual([before.size, counts], expected[file]);
    });
  }
});
