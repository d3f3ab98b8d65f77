import assert from "node:assert/strict";
import { test } from "node:test";
import { engineConformance } from "@fairlead/conformance/tls";
import { loadOpensslTls } from "../src/index.ts";
import { openSslLibrary } from "../src/openssl-library.ts";

engineConformance("OpenSSL", openSslLibrary());

test("engines of OpenSSL are of the library that runs", () => {
  const tls = loadOpensslTls();
  assert.equal(tls, loadOpensslTls());
  assert.deepEqual(tls.library, { name: "OpenSSL", version: process.versions.openssl });
});
