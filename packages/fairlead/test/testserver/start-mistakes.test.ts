import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createUser, type TestUser } from "../child.ts";
import { runHere } from "../in-process.ts";

describe("fairlead testserver, misspelt or misplaced", () => {
  let user: TestUser;
  before(async () => {
    user = await createUser();
  });
  after(() => user[Symbol.asyncDispose]());

  const mistakes: readonly (readonly [args: readonly string[], remedy: RegExp])[] = [
    [["lst"], /there is no action "lst"; did you mean list\?/],
    [["start"], /there is no action "start"; to start the network takes no word/],
    [["--port", "65500"], /--port 65500 is too high: \d+ services have a port each: the first is \d+ at most/],
    [["--fault", "htps:latency,milliseconds=1"], /there is no service "htps"; did you mean https\?/],
    [["fault", "add", "htps", "latency", "--milliseconds", "1"], /there is no service "htps"; did you mean https\?/],
  ];
  for (const [args, remedy] of mistakes) {
    test(`says what was meant by ${args.join(" ")}`, async () => {
      const { exitCode, stdout, stderr } = await runHere(["testserver", ...args], user);
      assert.deepEqual([exitCode, stdout], [2, ""]);
      assert.match(stderr, remedy);
    });
  }
});
