import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { extractExamples } from "./readme-examples.ts";

describe("extractExamples", () => {
  test("finds TypeScript blocks, with line and mode, and no others", () => {
    const markdown = [
      "# Title",
      "```ts",
      "one();",
      "",
      "two();",
      "```",
      "```sh",
      "npm start",
      "```",
      "```ts run",
      "three();",
      "```",
      "````md",
      "```ts",
      "quoted();",
      "```",
      "````",
      "```typescript fragment",
      "four",
      "```",
      "no `ts` here",
    ].join("\n");
    assert.deepEqual(extractExamples(markdown), [
      { line: 2, mode: "compile", code: "one();\n\ntwo();" },
      { line: 10, mode: "run", code: "three();" },
      { line: 18, mode: "fragment", code: "four" },
    ]);
  });

  test("refuses a mark that it does not know, rather than skip the block", () => {
    assert.throws(() => extractExamples("```ts fragmnt\n```"), /line 1 has an unknown mark/);
    assert.throws(() => extractExamples("```ts run twice\n```"), /line 1 has an unknown mark/);
  });

  test("refuses a block without end", () => {
    assert.throws(() => extractExamples("\n```ts\ncode"), /line 2 does not end/);
  });
});
