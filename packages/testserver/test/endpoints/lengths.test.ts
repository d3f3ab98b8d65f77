import assert from "node:assert/strict";
import { lengthFamily } from "../../src/endpoints/lengths.ts";
import { type Check, describeFamily } from "./describe-family.ts";

const tenBytes = "\0\x01\x02\x03\x04\x05\x06\x07\x08\x09";

describeFamily(lengthFamily, {
  "/length/short?declared=100&sent=10": frames("short?declared=30&sent=10", ["30"], tenBytes),
  "/length/long?declared=10&sent=100": frames("long?declared=5&sent=10", ["5"], tenBytes),
  "/length/none": frames("none", [], "ends here\n"),
  "/length/http-1.0": async ({ raw }) => {
    const { text } = await raw("/length/http-1.0");
    assert.equal(text, "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nends here\n");
  },
  "/length/repeated": frames("repeated", ["5", "5"], "hello"),
  "/length/list": frames("list", ["5, 5"], "hello"),
  "/length/conflict": frames("conflict", ["5", "6"], "hello!"),
  "/length/invalid": frames("invalid", ["five"], "hello"),
  "/length/negative": frames("negative", ["-5"], "hello"),
  "/length/overflow": frames("overflow", ["99999999999999999999"], "hello"),
  "/length/both": async ({ get }) => {
    const response = await get("/length/both");
    assert.deepEqual(response.field("content-length"), ["3"]);
    assert.deepEqual(response.field("transfer-encoding"), ["chunked"]);
    assert.equal(response.body, "5\r\nhello\r\n0\r\n\r\n");
  },
  "/length/no-content-body": async ({ get }) => {
    const response = await get("/length/no-content-body");
    assert.equal(response.status, 204);
    assert.equal(response.body, "hello");
  },
});

function frames(target: string, lengths: readonly string[], body: string): Check {
  return async ({ get }) => {
    const response = await get(`/length/${target}`);
    assert.deepEqual(response.field("content-length"), lengths);
    assert.equal(response.body, body);
    assert.equal(response.ending, "ended");
  };
}
