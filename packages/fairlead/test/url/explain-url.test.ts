import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createUser } from "../child.ts";
import { runHere } from "../in-process.ts";

describe("fairlead url explain", () => {
  test("shows the URL, its parts, each label with its rule, notes and cues", async () => {
    await using user = await createUser();
    const { exitCode, stdout } = await runHere(
      ["url", "explain", "http://paypal.com@login.xn--80ak6aa92e.com:80/%E4%BD%A0%E2%80%AE", "--password"],
      user,
    );
    assert.equal(exitCode, 0);
    assert.match(stdout, /^http:\/\/login\.xn--80ak6aa92e\.com\/你%E2%80%AE\n/);
    assert.match(stdout, /^ {2}site +strong +xn--80ak6aa92e\.com$/m);
    assert.match(stdout, /stays in punycode, rule\s+whole-script-look-alike/);
    assert.match(stdout, /user name or password is left out/);
    assert.match(stdout, /port 80 is left out/);
    assert.match(stdout, /%E2%80%AE stays encoded/);
    assert.match(stdout, /likely: the page asks for a password/);
    assert.match(stdout, /likely: this is not apple\.com, which is well known, and looks the same/);
    assert.doesNotMatch(stdout, /paypal/);
  });

  test("tells look-alikes of the sites that the user names as visited", async () => {
    await using user = await createUser();
    const args = ["url", "explain", "https://examp1e-bank.org/", "--visited", "www.example-bank.org", "--json"];
    const { stdout } = await runHere(args, user);
    const { cues, shown } = JSON.parse(stdout) as { readonly shown: string; readonly cues: readonly unknown[] };
    assert.equal(shown, "https://examp1e-bank.org");
    assert.deepEqual(cues, [
      { type: "look-alike", of: "example-bank.org", known: "visited", how: "same-to-the-eye", certainty: "likely" },
    ]);
  });

  test("what is no URL, no action or no site is an error in the arguments", async () => {
    await using user = await createUser();
    for (const args of [
      ["explain", "example.com"],
      ["show", "https://example.com"],
      ["explain", "https://example.com", "--visited", "a b"],
    ]) {
      const { exitCode, stderr } = await runHere(["url", ...args], user);
      assert.equal(exitCode, 2, stderr);
    }
  });
});
