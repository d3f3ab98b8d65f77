import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPageFiles } from "#page-files";

test("the page carries the licences of what it is made of, and its script says where they are", async () => {
  const files = await loadPageFiles();
  const text = (name: string): string => Buffer.from(files.get(name) ?? []).toString();
  assert.match(text("main.js.LEGAL.txt"), /lit-html[^]*SPDX-License-Identifier: BSD-3-Clause/);
  assert.match(text("main.js"), /main\.js\.LEGAL\.txt/);
  assert.match(text("index.html"), /<script type="module" src="main.js">/);
});
