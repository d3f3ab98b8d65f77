import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readTarget } from "../src/target.ts";

describe("readTarget", () => {
  const hostOf = (url: string): string => readTarget(new URL(url), "me").host;

  it("takes names and addresses for hosts", () => {
    assert.equal(hostOf("sftp://Files.Example/a"), "files.example");
    assert.equal(hostOf("sftp://my_nas-2.local:2222/a"), "my_nas-2.local");
    assert.equal(hostOf("sftp://192.0.2.7/a"), "192.0.2.7");
    assert.equal(hostOf("sftp://[2001:DB8::1]:2222/a"), "2001:db8::1");
    assert.equal(hostOf("sftp://b%C3%BCcher.example/a"), "xn--bcher-kva.example");
  });

  it("refuses a host by which a line of known hosts would mean others, too", () => {
    for (const host of ["github.example,x.evil.example", "x%2Cy", "*.evil.example", "%2A", "!a", 'a"b', "`a`"]) {
      assert.throws(() => hostOf(`sftp://${host}/a`), { code: "URL_INVALID" }, host);
    }
  });
});
