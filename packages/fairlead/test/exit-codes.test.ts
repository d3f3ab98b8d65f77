import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import * as core from "@fairlead/core";
import { exitCodeOf, exitCodes } from "../src/exit-codes.ts";

describe("exit codes", () => {
  for (const [error, name] of [
    [new core.UsageError("URL_INVALID"), "usage"],
    [new core.TransportError("CONNECTION_REFUSED"), "transport"],
    [new core.TlsError("CERTIFICATE_EXPIRED"), "tls"],
    [new core.AuthenticationError("KERBEROS_TICKET_MISSING"), "authentication"],
    [new core.ProtocolError("RESPONSE_TRUNCATED"), "protocol"],
    [new core.PolicyError("REDIRECT_LOOP"), "policy"],
    [new core.TimeoutError("total"), "timeout"],
    [new core.FileError("FILE_NO_SPACE"), "file"],
    [new core.StoreError("STORE_PERMISSIONS"), "store"],
    [new core.StoreError("STORE_URL_INVALID"), "usage"],
    [new Error("a defect"), "failed"],
    [undefined, "failed"],
  ] as const) {
    test(`${error instanceof Error ? error.name : "anything"}: ${name}`, () => {
      assert.equal(exitCodeOf(error), exitCodes[name].code);
    });
  }

  test("no error code of any class ends as something unexpected", () => {
    const tables = Object.entries(core).filter(([name]) => name.endsWith("ErrorCodes"));
    assert.ok(tables.length >= 7);
    for (const [, table] of tables) {
      for (const code of Object.keys(table)) {
        assert.notEqual(exitCodeOf(Object.assign(new Error(), { code, remedy: "" })), exitCodes.failed.code, code);
      }
    }
  });

  test("are the table of the README", async () => {
    const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
    const rows = [...readme.matchAll(/^\| (\d+) \| (.+?) \|$/gm)].map(([, code, meaning]) => [Number(code), meaning]);
    assert.deepEqual(
      rows,
      Object.values(exitCodes).map(({ code, meaning }) => [code, meaning]),
    );
  });
});
