import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ntlm } from "@fairlead/access";
import { acceptor } from "./peers/acceptor.ts";

describe("NTLM as gss-ntlmssp sees it", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fairlead-ntlm-"));
    process.env["NTLM_USER_FILE"] = join(folder, "users");
    await writeFile(process.env["NTLM_USER_FILE"], "CORP:bob:bob-password\n");
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  const here = Buffer.alloc(32, 1);
  for (const [what, options, failed] of [
    ["lets in who knows the password", {}, false],
    ["refuses a wrong password", { password: "Bob-password" }, true],
    ["refuses an unknown user", { username: "CORP\\mallory" }, true],
    ["does not care for capital letters in names", { username: "CORP\\BOB" }, false],
    ["takes the channel binding of its own certificate", { own: here, theirs: here }, false],
    ["refuses that of another certificate", { own: here, theirs: Buffer.alloc(32, 2) }, true],
    ["does not insist on a channel binding", { theirs: here }, false],
  ] as const satisfies readonly (readonly [string, Options, boolean])[]) {
    test(what, async () => {
      const { username = "CORP\\bob", password = "bob-password", own, theirs }: Options = options;
      const conversation = ntlm.open({ username, password }, { host: "localhost", channelBinding: own });
      using server = acceptor(theirs);
      const { token } = server.accept((await conversation.next(undefined)).token);
      const last = await conversation.next(token);
      assert.equal(last.done, true);
      assert.equal(server.accept(last.token).failed, failed);
    });
  }

  interface Options {
    readonly username?: string;
    readonly password?: string;
    readonly own?: Uint8Array;
    readonly theirs?: Uint8Array;
  }
});
