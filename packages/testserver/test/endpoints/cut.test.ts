import assert from "node:assert/strict";
import { cutFamily } from "../../src/endpoints/cut.ts";
import { type Check, describeFamily } from "./describe-family.ts";

const tenBytes = "\0\x01\x02\x03\x04\x05\x06\x07\x08\x09";
const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const headers = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Cut: he";
const body = `HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n${tenBytes}`;

describeFamily(cutFamily, {
  "/cut/before-response": ends("/cut/before-response", ""),
  "/cut/status-line": ends("/cut/status-line", "HTTP/1.1 20"),
  "/cut/headers": ends("/cut/headers", headers),
  "/cut/body?after=10&of=100": ends("/cut/body?after=10&of=20", body),
  "/cut/chunked?after=10": ends("/cut/chunked?after=10", `${chunked}a\r\n${tenBytes}\r\n`),
  "/cut/chunk": ends("/cut/chunk", `${chunked}64\r\nten bytes.`),
  "/reset/before-response": resets("/reset/before-response", ""),
  "/reset/status-line": resets("/reset/status-line", "HTTP/1.1 20"),
  "/reset/headers": resets("/reset/headers", headers),
  "/reset/body?after=10&of=100": resets("/reset/body?after=10&of=20", body),
  "/reset/chunked?after=10": resets("/reset/chunked?after=10", `${chunked}a\r\n${tenBytes}\r\n`),
  "/reset/chunk": resets("/reset/chunk", `${chunked}64\r\nten bytes.`),
});

function ends(target: string, text: string): Check {
  return async ({ raw }) => {
    assert.deepEqual(await raw(target), { text, ending: "ended" });
  };
}

function resets(target: string, text: string): Check {
  return async ({ raw }) => {
    assert.deepEqual(await raw(target), { text, ending: "reset" });
  };
}
