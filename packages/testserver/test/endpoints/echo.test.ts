import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Echo } from "@fairlead/testserver";
import { echoFamily } from "../../src/endpoints/echo.ts";
import { describeFamily } from "./describe-family.ts";

describeFamily(echoFamily, {
  "/echo": async ({ scheme, network, send }) => {
    const target = "/echo?a=1&a=%20#kept";
    const response = await send("PROPFIND", target, ["X-Twice: one", "x-twice: two"], "h\xc3\xa9\0");
    // The answer is JSON written by the server under test; a wrong form fails the assertions below.
    const echo = JSON.parse(Buffer.from(response.body, "latin1").toString("utf8")) as Echo;
    assert.equal(echo.method, "PROPFIND");
    assert.equal(echo.target, target);
    assert.equal(echo.url, `${scheme}://localhost${target}`);
    assert.equal(echo.headers["x-twice"], "one, two");
    assert.deepEqual(echo.rawHeaders.slice(-2), [
      ["X-Twice", "one"],
      ["x-twice", "two"],
    ]);
    assert.deepEqual(echo.body, {
      sizeBytes: 4,
      sha256: createHash("sha256").update("hé\0").digest("hex"),
      text: "hé\0",
      base64: "aMOpAA==",
    });
    assert.equal(echo.service, scheme);
    assert.equal(echo.remotePort, network.requests.at(-1)?.remotePort);
    assert.equal(echo.tls?.protocol, scheme === "https" ? "TLSv1.3" : undefined);
    assert.equal(echo.tls?.serverName, scheme === "https" ? "localhost" : undefined);
  },
  "/headers": async ({ get }) => {
    const response = await get("/headers", ["X-One: 1"]);
    assert.deepEqual(JSON.parse(response.body), { host: "localhost", connection: "close", "x-one": "1" });
  },
});
