import assert from "node:assert/strict";
import { Agent } from "node:http";
import { after, before, describe, test } from "node:test";
import { startApache, startKdc, type Apache, type Kdc } from "@fairlead/conformance/peers";
import { AuthenticationError } from "@fairlead/core";
import { negotiate, type NegotiateOptions } from "@fairlead/gssapi";
import type { SchemeConversation, UserCredentials } from "@fairlead/http/authentication";
import fc from "fast-check";
import { acceptor } from "./peers/acceptor.ts";
import { get } from "./peers/get.ts";

const password = "a long way to Tipperary";
let kdc: Kdc;
let cache: string;

before(async () => {
  kdc = await startKdc({
    users: { alice: `"${password}"`, bob: `"${password}"`, service: "of-no-use" },
    services: ["HTTP/localhost", "HTTP/bound.fairlead.test"],
  });
  process.env["KRB5_CONFIG"] = kdc.environment.KRB5_CONFIG;
  process.env["KRB5_KTNAME"] = await kdc.keytab("HTTP/localhost", "HTTP/bound.fairlead.test");
  cache = await kdc.ticketCache("alice", password);
  process.env["KRB5CCNAME"] = "FILE:/nonexistent/tickets";
});
after(async () => {
  await kdc[Symbol.asyncDispose]();
});

function open(
  options: NegotiateOptions = { cache },
  {
    user,
    host = "localhost",
    channelBinding,
  }: { user?: UserCredentials; host?: string; channelBinding?: Uint8Array } = {},
): SchemeConversation {
  return negotiate(options).open(user, { host, channelBinding });
}

async function failureOf(conversation: SchemeConversation, fromServer?: Uint8Array): Promise<AuthenticationError> {
  try {
    const { done } = await conversation.next(fromServer);
    return assert.fail(`it went on, ${done ? "done" : "not done"}`);
  } catch (error) {
    assert.ok(error instanceof AuthenticationError, String(error));
    return error;
  } finally {
    conversation.close();
  }
}

describe("Apache with mod_auth_gssapi", () => {
  let apache: Apache;
  let agent: Agent;
  before(async () => {
    const keytab = process.env["KRB5_KTNAME"] ?? "";
    const location = (path: string, more: string): string => `<Location ${path}>
      AuthType GSSAPI
      AuthName Kerberos
      GssapiCredStore keytab:${keytab}
      GssapiAllowedMech krb5
      ${more}
      Require valid-user
    </Location>\n`;
    apache = await startApache({
      modules: ["auth_gssapi"],
      files: { "www/request/index.html": "request", "www/connection/index.html": "connection" },
      configuration: () =>
        location("/request", "GssapiConnectionBound Off") + location("/connection", "GssapiConnectionBound On"),
      environment: () => kdc.environment,
    });
    agent = new Agent({ keepAlive: true, maxSockets: 1 });
  });
  after(async () => {
    agent.destroy();
    await apache[Symbol.asyncDispose]();
  });

  for (const path of ["/request/", "/connection/"]) {
    test(`lets the owner of a ticket in, and proves itself: ${path}`, async () => {
      const conversation = open();
      const first = await conversation.next(undefined);
      assert.equal(first.done, false);
      const answer = await get(agent, apache.port, path, "Negotiate", first.token);
      assert.deepEqual([answer.status, answer.user], [200, "alice@FAIRLEAD.TEST"]);
      const last = await conversation.next(answer.tokens.get("Negotiate"));
      assert.deepEqual([last.done, last.token.length], [true, 0]);
      conversation.close();
      conversation.close();
    });
  }

  test("lets in whose name and password are given, although somebody else has a ticket", async () => {
    process.env["KRB5CCNAME"] = cache;
    const conversation = open({}, { user: { username: "bob", password } });
    const { token } = await conversation.next(undefined);
    conversation.close();
    process.env["KRB5CCNAME"] = "FILE:/nonexistent/tickets";
    assert.equal((await get(agent, apache.port, "/request/", "Negotiate", token)).user, "bob@FAIRLEAD.TEST");
  });

  test("refuses a token that it has seen", async () => {
    const conversation = open();
    const { token } = await conversation.next(undefined);
    conversation.close();
    assert.equal((await get(agent, apache.port, "/request/", "Negotiate", token)).status, 200);
    assert.equal((await get(agent, apache.port, "/request/", "Negotiate", token)).status, 401);
  });
});

describe("tickets come from", () => {
  for (const [where, given] of [
    ["a cache that is named", () => ({ options: { cache } })],
    ["the cache of a principal", () => ({ options: { cache, principal: "alice@FAIRLEAD.TEST" } })],
    ["a name and its password", () => ({ options: {}, user: { username: "alice", password } })],
    ["a name with its realm", () => ({ options: {}, user: { username: "alice@FAIRLEAD.TEST", password } })],
  ] as const satisfies readonly (readonly [string, () => { options: NegotiateOptions; user?: UserCredentials }])[]) {
    test(where, async () => {
      const { options, ...rest } = { user: undefined, ...given() };
      const conversation = open(options, rest.user && { user: rest.user });
      using server = acceptor();
      const { token, failed } = server.accept((await conversation.next(undefined)).token);
      assert.equal(failed, false);
      assert.equal((await conversation.next(token)).done, true);
      conversation.close();
    });
  }

  test("a key, for a service that has no password", async () => {
    const keytab = await kdc.keytab("service");
    const conversation = open({ cache: "MEMORY:of-a-service", keytab, principal: "service" });
    using server = acceptor();
    assert.equal(server.accept((await conversation.next(undefined)).token).failed, false);
    conversation.close();
  });
});

describe("a failure says whose turn it is", () => {
  const wrong = { username: "alice", password: "wrong and secret" };
  for (const [what, code, given] of [
    ["no ticket", "KERBEROS_TICKET_MISSING", { options: {} }],
    ["no cache", "KERBEROS_TICKET_MISSING", { options: { cache: "FILE:/nonexistent/cache" } }],
    ["a wrong password", "KERBEROS_PASSWORD_WRONG", { options: {}, user: wrong }],
    ["an unknown user", "KERBEROS_USER_UNKNOWN", { options: {}, user: { ...wrong, username: "mallory" } }],
    ["a user of NTLM", "KERBEROS_USER_UNKNOWN", { options: {}, user: { ...wrong, username: "CORP\\alice" } }],
    ["an unknown service", "KERBEROS_SERVICE_UNKNOWN", { host: "other.fairlead.test" }],
    ["an unknown realm", "KERBEROS_SERVER_UNREACHABLE", { options: {}, user: { ...wrong, username: "a@NO.REALM" } }],
  ] as const) {
    test(`${what}: ${code}`, async () => {
      const { options = { cache }, ...rest } = given as {
        options?: NegotiateOptions;
        user?: UserCredentials;
        host?: string;
      };
      const error = await failureOf(open(options, rest));
      assert.equal(error.code, code, error.message);
      assert.doesNotMatch(error.message, /secret/);
      assert.equal(error.peer, rest.host ?? "localhost");
    });
  }
});

describe("what the server says is not believed without proof", () => {
  test("whichever byte of its proof is another", async () => {
    // What is before the encrypted part tells kinds and lengths; a change there may mean nothing.
    for (let fromEnd = 1; fromEnd <= 100; fromEnd += 3) {
      const conversation = open();
      const token = await answerFor(conversation);
      const at = token.length - fromEnd;
      token.writeUInt8(token.readUInt8(at) ^ 0x55, at);
      assert.equal((await failureOf(conversation, token)).code, "SERVER_NOT_AUTHENTICATED", String(fromEnd));
    }
  });

  test("a token of another conversation proves nothing", async () => {
    const [one, other] = [open(), open()];
    const token = await answerFor(one);
    await answerFor(other);
    assert.equal((await failureOf(other, token)).code, "SERVER_NOT_AUTHENTICATED");
    one.close();
  });

  for (const [what, token] of [
    ["nothing", Buffer.alloc(0)],
    ["noise", Buffer.from("anything")],
    ["a yes without a proof", Buffer.from("a1073005a0030a0100", "hex")],
    ["a yes, Kerberos it is, without a proof", Buffer.from("a1143012a0030a0100a10b06092a864886f712010202", "hex")],
    ["a wish to hear more", Buffer.from("a1073005a0030a0101", "hex")],
    ["a no", Buffer.from("a1073005a0030a0102", "hex")],
    ["more than 64 KiB", Buffer.alloc(65_537, 0x60)],
  ] as const) {
    test(`${what} proves nothing`, async () => {
      const conversation = open();
      await conversation.next(undefined);
      assert.match((await failureOf(conversation, token)).code, /^(SERVER_NOT_|AUTHENTICATION_TOKEN_)/);
    });
  }

  test("whatever it sends, the conversation ends in a typed error", async () => {
    const { length } = await answerFor(open());
    const damage = fc.array(fc.tuple(fc.nat(length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 300 }), damage), async (sent) => {
        const conversation = open();
        const token = await answerFor(conversation);
        const changed = Buffer.from(sent instanceof Uint8Array ? sent : token);
        if (!(sent instanceof Uint8Array))
          for (const [at, value] of sent) changed.writeUInt8(value, at % changed.length);
        const outcome = await conversation.next(changed).catch((error: unknown) => error);
        conversation.close();
        // What is not protected may be another, and the proof still be one.
        if (sent instanceof Uint8Array) assert.ok(outcome instanceof AuthenticationError, String(outcome));
        else assert.ok(outcome instanceof AuthenticationError || (outcome as { done?: boolean }).done, String(outcome));
      }),
      { numRuns: 200 },
    );
  });

  test("after the end of the conversation nothing is taken", async () => {
    const conversation = open();
    const token = await answerFor(conversation);
    await conversation.next(token);
    assert.equal((await failureOf(conversation, token)).code, "AUTHENTICATION_TOKEN_INVALID");
  });

  async function answerFor(conversation: SchemeConversation): Promise<Buffer> {
    using server = acceptor();
    return server.accept((await conversation.next(undefined)).token).token;
  }
});

describe("the first token", () => {
  test("offers Kerberos alone, although NTLM is installed", async () => {
    const conversation = open();
    const { token } = await conversation.next(undefined);
    conversation.close();
    const ntlmssp = Buffer.from("2b06010401823702020a", "hex");
    assert.equal(Buffer.from(token).includes(ntlmssp), false);
    assert.ok(Buffer.from(token).includes(Buffer.from("2a864886f712010202", "hex")));
  });

  test("does not carry the user's own ticket, unless the host is one that may have it", async () => {
    for (const [dangerous, expected] of [
      [undefined, false],
      [{ delegateTo: ["other.fairlead.test"] }, false],
      [{ delegateTo: ["localhost"] }, true],
    ] as const) {
      const conversation = open({ cache, ...(dangerous && { dangerous }) });
      using server = acceptor();
      assert.equal(server.accept((await conversation.next(undefined)).token).hasDelegated, expected);
      conversation.close();
    }
  });
});

describe("channel binding (RFC 5929 section 4)", () => {
  const here = Buffer.alloc(32, 1);
  for (const [what, own, theirs, expected] of [
    ["the same on both sides binds", here, here, { failed: false, isBound: true }],
    ["another certificate is refused", here, Buffer.alloc(32, 2), { failed: true, isBound: false }],
    ["without TLS nothing is bound", undefined, here, { failed: false, isBound: false }],
  ] as const) {
    test(what, async () => {
      const conversation = open({ cache }, { ...(own && { channelBinding: own }) });
      using server = acceptor(theirs);
      const { failed, isBound } = server.accept((await conversation.next(undefined)).token);
      assert.deepEqual({ failed, isBound }, expected);
      conversation.close();
    });
  }
});
