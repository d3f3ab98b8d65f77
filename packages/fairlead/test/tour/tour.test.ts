import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { createUser, type Finished, type TestUser } from "../child.ts";

describe("fairlead tour", () => {
  let user: TestUser;
  let plain: Finished;
  before(async () => {
    user = await createUser();
    plain = await user.run(["tour"]);
  });
  after(() => user[Symbol.asyncDispose]());

  test("shows nine steps that all behave", () => {
    assert.deepEqual([plain.stderr, plain.exitCode], ["", 0], plain.stdout);
    for (let step = 1; step <= 9; step += 1) assert.match(plain.stdout, new RegExp(`^${step}  \\w`, "m"));
    assert.match(plain.stdout, /^All 9 steps behaved, in .+\. Next: fairlead help$/m);
    assert.doesNotMatch(plain.stdout, /✗/);
  });

  test("shows what it promises: the upgrade, the resumption, the refusals", () => {
    for (const line of [
      /^ +1 {2}200 +server +https:\/\/fairlead\.test:\d+\/hsts +full +[\d.]+ +[\d.]+$/m,
      /^ +1 {2}307 +memory +http:\/\/fairlead\.test:\d+\/echo +[\d.]+$/m,
      /^ +2 {2}200 +server +https:.+ +resumed +[\d.]+ +[\d.]+$/m,
      /^ +1 {2}200 +memory +https:.+\/cache\/max-age\/3600 +[\d.]+$/m,
      /^ +2 {2}206 +server +https:.+ +resumed +[\d.]+ +[\d.]+$/m,
      /\[REDIRECT_LESS_SAFE\]$/m,
      /\[REDIRECT_LOOP\]$/m,
      /\[CERTIFICATE_EXPIRED\]$/m,
    ]) {
      assert.match(plain.stdout, line);
    }
  });

  test("fits 80 columns, and has no colours where there is no terminal", () => {
    for (const line of plain.stdout.split("\n")) assert.ok(line.length <= 80, line);
    assert.equal(stripVTControlCharacters(plain.stdout), plain.stdout);
  });

  test("leaves nothing behind", async () => {
    assert.deepEqual(await user.files(), []);
  });
});
