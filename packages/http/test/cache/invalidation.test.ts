import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { invalidatedUrls } from "../../src/cache/index.ts";
import { answering, asking } from "./heads.ts";

describe("a response to an unsafe method makes doubtful (RFC 9111 section 4.4)", () => {
  for (const [title, method, status, lines, expected] of [
    ["its target", "POST", 200, [], ["https://a.example/thing"]],
    ["its target, after a redirect", "PUT", 303, [], ["https://a.example/thing"]],
    ["its target for a method that nobody knows", "FROB", 204, [], ["https://a.example/thing"]],
    ["nothing after an error", "POST", 500, [], []],
    ["nothing after GET", "GET", 200, ["Location: /other"], []],
    [
      "what it names of the same origin",
      "POST",
      201,
      ["Location: /made", "Content-Location: state"],
      ["https://a.example/thing", "https://a.example/made", "https://a.example/state"],
    ],
    ["nothing of another origin", "POST", 201, ["Location: https://b.example/x"], ["https://a.example/thing"]],
    ["nothing that is no URL", "POST", 201, ["Location: http://[::"], ["https://a.example/thing"]],
  ] as const) {
    test(title, () => {
      const urls = invalidatedUrls(asking(method), answering(status, ...lines));
      assert.deepEqual(
        urls.map(({ href }) => href),
        expected,
      );
    });
  }
});
