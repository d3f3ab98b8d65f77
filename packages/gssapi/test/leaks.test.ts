import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startKdc, type Kdc } from "@fairlead/conformance/peers";
import { negotiate } from "@fairlead/gssapi";
import { acceptor } from "./peers/acceptor.ts";
import { watchHandles, type LiveHandles } from "./peers/live-handles.ts";

describe("whatever becomes of a conversation, the library gets back what it handed out", () => {
  let kdc: Kdc;
  let cache: string;
  let live: LiveHandles;
  before(async () => {
    kdc = await startKdc({ users: { alice: "a-password" }, services: ["HTTP/localhost"] });
    process.env["KRB5_CONFIG"] = kdc.environment.KRB5_CONFIG;
    process.env["KRB5_KTNAME"] = await kdc.keytab("HTTP/localhost");
    cache = await kdc.ticketCache("alice", "a-password");
    const watch = watchHandles();
    assert.equal(negotiate().unavailable(), undefined);
    watch.undo();
    ({ live } = watch);
  });
  after(async () => {
    await kdc[Symbol.asyncDispose]();
  });

  for (const [what, converse] of [
    ["it ends well", wholeConversation],
    ["it is closed after the first token", firstToken],
    ["it is closed before the first token is there", closedEarly],
    ["it is closed before its turn comes", closedBeforeItsTurn],
    ["the server's token is bad", badToken],
    ["the service is unknown", unknownService],
    ["there is no ticket", noTicket],
    ["the password is wrong", wrongPassword],
  ] as const) {
    test(`when ${what}`, async () => {
      await converse();
      assert.deepEqual([...live], []);
    });
  }

  async function wholeConversation(): Promise<void> {
    const conversation = negotiate({ cache }).open(undefined, { host: "localhost", channelBinding: Buffer.alloc(32) });
    using server = acceptor();
    await conversation.next(server.accept((await conversation.next(undefined)).token).token);
    assert.deepEqual(kindsOf(live), ["context", "credentials", "name"]);
    conversation.close();
  }

  async function firstToken(): Promise<void> {
    const conversation = negotiate({ cache, principal: "alice" }).open(undefined, { host: "localhost" });
    await conversation.next(undefined);
    assert.deepEqual(kindsOf(live), ["context", "credentials", "name"]);
    conversation.close();
  }

  async function closedEarly(): Promise<void> {
    const conversation = negotiate({ cache }).open(undefined, { host: "localhost" });
    const step = conversation.next(undefined);
    conversation.close(new Error("enough"));
    await assert.rejects(step, /enough/);
    // Turns are given in order: when these are over, so is that one.
    for (let turn = 0; turn < 4; turn += 1) await unknownService();
  }

  async function closedBeforeItsTurn(): Promise<void> {
    await Promise.all([closedEarly(), closedEarly(), closedEarly()]);
  }

  async function badToken(): Promise<void> {
    const conversation = negotiate({ cache }).open(undefined, { host: "localhost" });
    await conversation.next(undefined);
    await assert.rejects(conversation.next(Buffer.from("bad")));
  }

  async function unknownService(): Promise<void> {
    await assert.rejects(negotiate({ cache }).open(undefined, { host: "other.fairlead.test" }).next(undefined));
  }

  async function noTicket(): Promise<void> {
    const nowhere = negotiate({ cache: "FILE:/nonexistent/tickets", principal: "alice" });
    await assert.rejects(nowhere.open(undefined, { host: "localhost" }).next(undefined));
  }

  async function wrongPassword(): Promise<void> {
    const user = { username: "alice", password: "wrong" };
    await assert.rejects(negotiate().open(user, { host: "localhost" }).next(undefined), /password/);
  }
});

function kindsOf(live: LiveHandles): readonly string[] {
  return [...live].map((each) => each.replace(/ .*/, "")).sort();
}
