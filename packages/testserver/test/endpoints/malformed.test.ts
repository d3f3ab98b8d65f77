import assert from "node:assert/strict";
import { malformedFamily } from "../../src/endpoints/malformed.ts";
import { type Check, describeFamily } from "./describe-family.ts";

const framed = "\r\nContent-Length: 5\r\n\r\nhello";
const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

describeFamily(malformedFamily, {
  ...sends("status-word", `HTTP/1.1 okay OK${framed}`),
  ...sends("status-short", `HTTP/1.1 20 OK${framed}`),
  ...sends("status-long", `HTTP/1.1 2000 OK${framed}`),
  ...sends("status-missing", `HTTP/1.1${framed}`),
  ...sends("version", `HTTP/9.9 200 OK${framed}`),
  ...sends("version-word", `HTTP/one 200 OK${framed}`),
  ...sends("reason-missing", `HTTP/1.1 200${framed}`),
  ...sends("reason-empty", `HTTP/1.1 200 ${framed}`),
  ...sends("field-colon", `HTTP/1.1 200 OK\r\nX-Bad value${framed}`),
  ...sends("field-space", `HTTP/1.1 200 OK\r\nX-Bad : value${framed}`),
  ...sends("field-name", `HTTP/1.1 200 OK\r\nX-B@d: value${framed}`),
  ...sends("field-name-empty", `HTTP/1.1 200 OK\r\n: value${framed}`),
  ...sends("field-nul", `HTTP/1.1 200 OK\r\nX-Bad: va\0lue${framed}`),
  ...sends("field-utf8", `HTTP/1.1 200 OK\r\nX-Bad: \xc3\xa9${framed}`),
  ...sends("obs-fold", `HTTP/1.1 200 OK\r\nX-Folded: one\r\n two${framed}`),
  ...sends("obs-fold-first", `HTTP/1.1 200 OK\r\n X-Folded: one${framed}`),
  ...sends("bare-lf", "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello"),
  ...sends("bare-cr", `HTTP/1.1 200 OK\r\nX-Bad: one\rX-Smuggled: two${framed}`),
  ...sends("leading-crlf", `\r\nHTTP/1.1 200 OK${framed}`),
  ...sends("chunk-size", `${chunked}five\r\nhello\r\n0\r\n\r\n`),
  ...sends("chunk-overflow", `${chunked}fffffffffffffffff\r\nhello\r\n0\r\n\r\n`),
  ...sends("chunk-long", `${chunked}5\r\nhello and more\r\n0\r\n\r\n`),
  ...sends("chunk-line-end", `${chunked}5\r\nhello\n0\r\n\r\n`),
  ...sends("chunk-trailer", `${chunked}5\r\nhello\r\n0\r\nX-Bad value\r\n\r\n`),
  ...sends("chunk-extension", `${chunked}5;name="value"\r\nhello\r\n0\r\n\r\n`),
  ...sends("transfer-coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: fairlead\r\n\r\nhello"),
  ...sends("not-http", "SSH-2.0-fairlead_testserver\r\n"),
  ...sends("http-0.9", "<html>hello</html>\n"),
  ...sends("binary", Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join("")),
  ...sends("two-responses", `HTTP/1.1 200 OK${framed}HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nagain`),
  ...sends("interim", `${"HTTP/1.1 103 Early Hints\r\n\r\n".repeat(100)}HTTP/1.1 200 OK${framed}`),
});

/** A check that exactly these bytes come. */
function sends(name: string, text: string): Readonly<Record<string, Check>> {
  const path = `/malformed/${name}`;
  return {
    [path]: async ({ raw }) => {
      assert.deepEqual(await raw(path), { text, ending: "ended" });
    },
  };
}
