import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import type { Manifest } from "@fairlead/testserver";
import { createUser, type TestUser } from "../child.ts";
import { runHere } from "../in-process.ts";

describe("fairlead testserver --host", () => {
  let user: TestUser;
  before(async () => {
    user = await createUser();
  });
  after(async () => {
    await user[Symbol.asyncDispose]();
  });

  test("says that others can reach it, on standard error, and nothing of it on loopback", async () => {
    for (const [host, warning] of [
      ["0.0.0.0", "fairlead: 0.0.0.0 is no loopback address: others can reach servers that do what anybody asks\n"],
      ["127.0.0.2", ""],
    ] as const) {
      const child = user.start(["testserver", "--host", host, "--json"]);
      const [out, error] = ["", ""].map((text) => ({ text }));
      assert.ok(out !== undefined && error !== undefined);
      child.stdout.on("data", (piece: Buffer) => (out.text += piece.toString()));
      child.stderr.on("data", (piece: Buffer) => (error.text += piece.toString()));
      while (!out.text.endsWith("\n}\n")) await once(child.stdout, "data");
      const { services } = JSON.parse(out.text) as Manifest;
      assert.deepEqual([...new Set(services.map((service) => service.host))], [host]);
      child.kill("SIGTERM");
      await once(child, "close");
      assert.equal(error.text, warning);
    }
  });

  for (const wrong of ["localhost", "0.0.0.0:80", ""]) {
    test(`ends with 2 for ${JSON.stringify(wrong)}`, async () => {
      const { exitCode, stderr } = await runHere(["testserver", "--host", wrong], user);
      assert.equal(exitCode, 2);
      assert.match(stderr, /--host takes an address of this machine/);
    });
  }
});
