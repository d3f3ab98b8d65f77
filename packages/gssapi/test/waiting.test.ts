import assert from "node:assert/strict";
import { once } from "node:events";
import { lookup } from "node:dns/promises";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { negotiate } from "@fairlead/gssapi";
import type { SchemeConversation } from "@fairlead/http/authentication";

describe("while a Kerberos server is silent", () => {
  let server: Server;
  let sockets: Socket[];
  let folder: string;
  before(async () => {
    server = createServer((socket) => {
      sockets.push(socket.on("error", () => undefined));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    folder = await mkdtemp(join(tmpdir(), "fairlead-silent-"));
    process.env["KRB5_CONFIG"] = join(folder, "krb5.conf");
    await writeFile(
      process.env["KRB5_CONFIG"],
      `[libdefaults]
  default_realm = SILENT.TEST
  dns_lookup_kdc = false
  udp_preference_limit = 1
[realms]
  SILENT.TEST = {
    kdc = 127.0.0.1:${String((server.address() as AddressInfo).port)}
  }
`,
    );
  });
  beforeEach(() => {
    sockets = [];
  });
  after(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });

  function ask(): { readonly conversation: SchemeConversation; readonly step: Promise<unknown> } {
    const conversation = negotiate().open({ username: "alice", password: "p" }, { host: "localhost" });
    return { conversation, step: conversation.next(undefined).catch((error: unknown) => error) };
  }

  /** Has every call that waits come back. */
  function hangUp(): void {
    for (const socket of sockets) socket.destroy();
  }

  test("the event loop goes on, and closing ends the wait at once with what it is given", async () => {
    const { conversation, step } = ask();
    await once(server, "connection");
    for (let turn = 0; turn < 100; turn += 1) await nextTurn();
    const reason = new Error("enough");
    conversation.close(reason);
    assert.equal(await step, reason);
    hangUp();
  });

  test("names are looked up and files are read, however many wait for it", async () => {
    const waiting = Array.from({ length: 8 }, ask);
    await once(server, "connection");
    if (sockets.length < 2) await once(server, "connection");
    assert.equal((await lookup("localhost")).address.length > 0, true);
    assert.match(await readFile(process.env["KRB5_CONFIG"] ?? "", "utf8"), /SILENT/);
    assert.equal(sockets.length, 2);
    for (const { conversation } of waiting) conversation.close();
    await Promise.all(waiting.map(({ step }) => step));
    hangUp();
  });

  test("those that wait for their turn get it when it hangs up, and are told", async () => {
    const close = (socket: Socket): void => {
      socket.destroy();
    };
    server.on("connection", close);
    const errors = await Promise.all(Array.from({ length: 4 }, () => ask().step));
    server.off("connection", close);
    assert.deepEqual(
      errors.map((error) => (error as { code?: string }).code),
      Array.from({ length: 4 }, () => "KERBEROS_SERVER_UNREACHABLE"),
    );
  });
});
