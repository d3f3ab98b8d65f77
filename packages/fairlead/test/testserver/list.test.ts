import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { describeFamilies, faultTypes } from "@fairlead/testserver";
import { createUser, type TestUser } from "../child.ts";
import { runHere } from "../in-process.ts";

describe("fairlead testserver list", () => {
  let user: TestUser;
  before(async () => {
    user = await createUser();
  });
  after(() => user[Symbol.asyncDispose]());
  const list = (...args: readonly string[]): ReturnType<typeof runHere> =>
    runHere(["testserver", "list", ...args], user);

  test("says of every service, endpoint and fault what it does, in the columns of a terminal", async () => {
    const { stdout, stderr, exitCode } = await runHere(["testserver", "list"], user, 80);
    assert.deepEqual([exitCode, stderr], [0, ""]);
    const text = stdout.replace(/\s+/g, " ");
    for (const { of, name, line, members } of describeFamilies()) {
      assert.ok(text.includes(`${name}: ${of} that ${line}`), name);
      for (const member of members) assert.ok(text.includes(` ${member.name} ${member.does} `), member.name);
    }
    for (const line of stdout.split("\n")) assert.ok(line.length <= 80 || !line.trim().includes(" "), line);
  });

  test("lists a kind, a family, one of either, and an endpoint by its path", async () => {
    assert.match(
      (await list("https-expired")).stdout,
      /^\S+: services that .+\n(?: .*\n)*? {2}https-expired {2}\S.+\n$/,
    );
    assert.match((await list("tcp")).stdout, /^tcp: services that .+\n {2}tcp-echo +greets/);
    assert.match((await list("/length/short")).stdout, /\n {2}\/length\/short/);
    const faults = (await list("faults")).stdout;
    for (const { type } of faultTypes) assert.match(faults, new RegExp(`^ {2}${type} {2}`, "m"));
    assert.doesNotMatch(faults, /^ {2}tcp-echo/m);
    assert.equal((await list("latency")).stdout.match(/^ {2}latency/gm)?.length, 2, "for connections and datagrams");
  });

  test("gives each a line of its own where there is no terminal", async () => {
    const lines = (await list()).stdout.split("\n");
    const names = describeFamilies().flatMap(({ members }) => members.filter(({ name }) => name.length <= 34));
    for (const { name, does } of names)
      assert.ok(lines.some((line) => line.startsWith(`  ${name} `) && line.endsWith(does)));
  });

  test("lists what has the word in its name where nothing is called by it", async () => {
    const { stdout } = await list("expired");
    assert.match(stdout, /^ {2}https-expired /m);
    assert.match(stdout, /^ {2}https-stapled-expired /m);
    assert.doesNotMatch(stdout, /^ {2}https-wrong-host /m);
  });

  test("gives the same as JSON", async () => {
    const { stdout } = await list("--json", "endpoints");
    const families = describeFamilies().filter(({ of }) => of === "endpoints");
    assert.deepEqual(JSON.parse(stdout), families);
  });

  test("suggests what was probably meant", async () => {
    const { stderr, exitCode } = await list("https-expird");
    assert.equal(exitCode, 2);
    assert.match(
      stderr,
      /no service, endpoint, fault or family is called "https-expird"; did you mean https-expired\?/,
    );
    assert.match((await list("zzzzzzzz")).stderr, /"zzzzzzzz"; list without it shows all/);
  });
});
