import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { TlsError } from "@fairlead/core";
import koffi from "koffi";
import { loadOpensslTls } from "../src/index.ts";

describe("trap: an executable without OpenSSL's symbols is reported as such", () => {
  test("as where Node.js is built with BoringSSL or a shared OpenSSL, with what to do", (t) => {
    const { load } = koffi;
    t.mock.method(koffi, "load", () => load("libc.so.6"));
    assert.throws(
      () => loadOpensslTls(),
      (error) => {
        assert.ok(error instanceof TlsError);
        assert.equal(error.code, "TLS_LIBRARY_UNAVAILABLE");
        assert.ok(error.message.includes(process.execPath));
        assert.match(error.message, /OpenSSL_version/);
        assert.match(error.remedy, /official build of Node\.js, or use the backend 'node'/);
        return true;
      },
    );
  });

  test("and is looked for again the next time", () => {
    assert.equal(loadOpensslTls().name, "openssl");
  });
});
