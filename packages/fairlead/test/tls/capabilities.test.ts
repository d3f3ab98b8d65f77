import assert from "node:assert/strict";
import { test } from "node:test";
import type { TlsCapabilities } from "@fairlead/tls";
import { createUser } from "../child.ts";
import { formatCapabilities } from "../../src/tls/capabilities-page.ts";

test("tls capabilities shows the backends side by side", async () => {
  await using user = await createUser();
  const { exitCode, stdout, stderr } = await user.run(["tls", "capabilities"]);
  assert.deepEqual([exitCode, stderr], [0, ""]);
  assert.match(stdout, /^CAPABILITY +node +openssl +gnutls$/m);
  assert.match(stdout, /^library +OpenSSL 3\S* +OpenSSL 3\S* +GnuTLS 3\S*$/m);
  assert.match(stdout, /^TLS 1\.3 +yes +yes +yes$/m);
  assert.match(stdout, /^key update +no +yes +yes$/m);
  assert.match(stdout, /ChaCha20/);
});

test("tls capabilities --json is for programs, and --backend chooses", async () => {
  await using user = await createUser();
  const { exitCode, stdout } = await user.run(["tls", "capabilities", "--json", "--backend", "openssl"]);
  assert.equal(exitCode, 0);
  const found = JSON.parse(stdout) as Record<
    string,
    { library: object; capabilities: TlsCapabilities; available: boolean }
  >;
  assert.deepEqual(Object.keys(found), ["openssl"]);
  assert.deepEqual(found["openssl"]?.capabilities.versions, ["TLSv1.2", "TLSv1.3"]);
  assert.equal(found["openssl"].available, true);
});

test("a backend that nobody knows is an argument that cannot be", async () => {
  await using user = await createUser();
  const { exitCode, stderr } = await user.run(["tls", "capabilities", "--backend", "schannel"]);
  assert.equal(exitCode, 2);
  assert.match(stderr, /--backend takes node, openssl, gnutls, not "schannel"/);
});

test("a library that is missing is told with what installs it, escaped", () => {
  const lines = formatCapabilities([{ type: "unavailable", name: "gnutls", reason: "install\u001b[2J it" }], {
    width: 80,
    paint: (_, text) => text,
  });
  assert.deepEqual(lines, ["", "gnutls is not there: install\\u{1b}[2J it"]);
});
