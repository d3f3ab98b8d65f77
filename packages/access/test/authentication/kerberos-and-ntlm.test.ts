import {
  ntlm,
  openNetworkAccessManager,
  type AuthenticationAnswer,
  type AuthenticationQuestion,
} from "@fairlead/access";
import { startApache, startKdc, type Apache, type Kdc } from "@fairlead/conformance/peers";
import { negotiate } from "@fairlead/gssapi";
import { mintAuthority, mintCertificate, type Authority } from "@fairlead/testserver/authority";
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";

const bob: AuthenticationAnswer = { type: "password", username: "CORP\\bob", password: "bob-password" };
const system: AuthenticationAnswer = { type: "system" };

let kdc: Kdc;
let apache: Apache;
let authority: Authority;
let cache: string;

before(async () => {
  kdc = await startKdc({ users: { alice: "alice-password" }, services: ["HTTP/localhost"] });
  process.env["KRB5_CONFIG"] = kdc.environment.KRB5_CONFIG;
  process.env["KRB5CCNAME"] = "FILE:/nonexistent/tickets";
  cache = await kdc.ticketCache("alice", "alice-password");
  const keytab = await kdc.keytab("HTTP/localhost");
  authority = await mintAuthority();
  apache = await startApache({
    modules: ["auth_gssapi", "http2"],
    files: {
      "www/request/index.html": "request",
      "www/connection/index.html": "connection",
      "www/ntlm/index.html": "ntlm",
      users: "CORP:bob:bob-password\n",
    },
    // Neither scheme is known to work over HTTP/2, which is what a client would choose.
    configuration: () =>
      "Protocols h2 http/1.1\n" +
      location("/request", `GssapiCredStore keytab:${keytab}\nGssapiAllowedMech krb5\nGssapiConnectionBound Off`) +
      location("/connection", `GssapiCredStore keytab:${keytab}\nGssapiAllowedMech krb5\nGssapiConnectionBound On`) +
      location("/ntlm", "GssapiAllowedMech ntlmssp\nGssapiConnectionBound On"),
    environment: (folder) => ({ ...kdc.environment, NTLM_USER_FILE: `${folder}/users` }),
    identity: await mintCertificate({ issuer: authority, names: ["localhost"] }),
  });
});
after(async () => {
  await apache[Symbol.asyncDispose]();
  await kdc[Symbol.asyncDispose]();
});

function location(path: string, more: string): string {
  return `<Location ${path}>\nAuthType GSSAPI\nAuthName "${path}"\n${more}\nRequire valid-user\n</Location>\n`;
}

function asking(answer: (question: AuthenticationQuestion) => AuthenticationAnswer) {
  const questions: AuthenticationQuestion[] = [];
  return {
    questions,
    onAuthenticate: (question: AuthenticationQuestion): AuthenticationAnswer => {
      questions.push(question);
      return answer(question);
    },
  };
}

for (const scheme of ["http", "https"] as const) {
  describe(`over ${scheme}`, () => {
    const url = (path: string): string =>
      `${scheme}://localhost:${String(scheme === "http" ? apache.port : apache.tlsPort)}${path}`;
    const open = (
      onAuthenticate: (question: AuthenticationQuestion) => AuthenticationAnswer,
      connectionsPerOrigin = 128,
    ) =>
      openNetworkAccessManager({
        connectionsPerOrigin,
        tls: { trust: { type: "anchors", certificates: [authority.certificate] } },
        authentication: { connectionBound: [negotiate({ cache }), ntlm] },
        onAuthenticate,
      });

    for (const path of ["/request/", "/connection/"]) {
      test(`Negotiate lets the owner of a ticket in, again and again: ${path}`, async () => {
        const { questions, onAuthenticate } = asking(() => system);
        await using manager = await open(onAuthenticate);
        for (let index = 0; index < 3; index += 1) {
          const reply = await manager.request(url(`${path}?${String(index)}`));
          assert.equal(reply.status, 200);
          assert.equal(reply.headers["x-user"], "alice@FAIRLEAD.TEST");
          assert.equal(await reply.text(), path.slice(1, -1));
        }
        assert.deepEqual(
          questions.map((each) => each.scheme),
          ["negotiate"],
        );
      });
    }

    test("NTLM lets in who knows the password, in three legs on one connection, and once for a connection", async () => {
      const { questions, onAuthenticate } = asking(() => bob);
      await using manager = await open(onAuthenticate);
      const first = await manager.request(url("/ntlm/"));
      assert.deepEqual([first.status, first.headers["x-user"]], [200, "CORP\\bob"]);
      await first.bytes();
      assert.deepEqual(first.transaction.hops[0]?.repeats, ["authentication", "authentication"]);
      const second = await manager.request(url("/ntlm/?again"));
      assert.deepEqual([second.status, second.headers["x-user"]], [200, "CORP\\bob"]);
      await second.bytes();
      assert.deepEqual(second.transaction.hops[0]?.repeats, []);
      assert.equal(questions.length, 1);
    });

    for (const connectionsPerOrigin of [128, 3]) {
      test(`requests at the same time are let in, each on a connection of its user: ${String(connectionsPerOrigin)}`, async () => {
        const { questions, onAuthenticate } = asking(() => bob);
        await using manager = await open(onAuthenticate, connectionsPerOrigin);
        const users = await Promise.all(
          Array.from({ length: 8 }, async (_, index) => {
            const reply = await manager.request(url(`/ntlm/?${String(index)}`));
            await reply.bytes();
            return reply.headers["x-user"];
          }),
        );
        assert.deepEqual(
          users,
          Array.from({ length: 8 }, () => "CORP\\bob"),
        );
        assert.equal(questions.length, 1);
      });
    }

    test("a wrong password asks again, and the right one is let in", async () => {
      const { questions, onAuthenticate } = asking(({ tried }) =>
        tried.length === 0 ? { ...bob, password: "wrong" } : bob,
      );
      await using manager = await open(onAuthenticate);
      const reply = await manager.request(url("/ntlm/"), { method: "POST", body: "a=b" });
      await reply.bytes();
      assert.equal(reply.headers["x-user"], "CORP\\bob");
      assert.deepEqual(
        questions.map(({ tried }) => tried.map(({ username, error }) => [username, error])),
        [[], [["CORP\\bob", undefined]]],
      );
    });
  });
}

describe("on the way to the server", () => {
  const cutOnce = (): { cuts: number; readonly toServer: Change } => {
    const relay = {
      cuts: 0,
      // The last leg, by how it begins in base64.
      toServer: (text: string): string | undefined => {
        if (relay.cuts > 0 || !text.includes("NTLM TlRMTVNTUAAD")) return text;
        relay.cuts += 1;
        return undefined;
      },
    };
    return relay;
  };

  test("a connection that is lost in the last leg: the conversation begins anew", async () => {
    const way = cutOnce();
    await using relay = await startRelay(apache.port, way);
    const { questions, onAuthenticate } = asking(() => bob);
    const authentication = { connectionBound: [ntlm] };
    await using manager = await openNetworkAccessManager({ authentication, onAuthenticate });
    const reply = await manager.request(`http://localhost:${String(relay.port)}/ntlm/`);
    assert.equal(reply.headers["x-user"], "CORP\\bob");
    await reply.bytes();
    assert.deepEqual([way.cuts, questions.length], [1, 1]);
    assert.deepEqual(
      reply.transaction.hops[0]?.authentication.map(({ outcome }) => outcome),
      ["continued", "lost", "continued", "accepted"],
    );
  });

  test("but not where the server may have acted on what must not come twice", async () => {
    const way = cutOnce();
    await using relay = await startRelay(apache.port, way);
    const { onAuthenticate } = asking(() => bob);
    const authentication = { connectionBound: [ntlm] };
    await using manager = await openNetworkAccessManager({ authentication, onAuthenticate });
    const url = `http://localhost:${String(relay.port)}/ntlm/`;
    await assert.rejects(manager.request(url, { method: "POST", body: "a=b" }), { code: "RESPONSE_MISSING" });
    assert.equal(way.cuts, 1);
  });

  test("and not for ever", async () => {
    let cuts = 0;
    await using relay = await startRelay(apache.port, {
      toServer: (text) => {
        if (!text.includes("NTLM TlRMTVNTUAAD")) return text;
        cuts += 1;
        return undefined;
      },
    });
    const { onAuthenticate } = asking(() => bob);
    const authentication = { connectionBound: [ntlm] };
    await using manager = await openNetworkAccessManager({ authentication, onAuthenticate });
    await assert.rejects(manager.request(`http://localhost:${String(relay.port)}/ntlm/`), { code: "RESPONSE_MISSING" });
    assert.equal(cuts, 2);
  });

  test("somebody who changes the server's proof: the response is not believed", async () => {
    await using relay = await startRelay(apache.port, {
      toClient: (text) =>
        text.replace(/(?<=WWW-Authenticate: Negotiate o.{200})./, (letter) => (letter === "A" ? "B" : "A")),
    });
    const { onAuthenticate } = asking(() => system);
    const connectionBound = [negotiate({ cache })];
    await using manager = await openNetworkAccessManager({ authentication: { connectionBound }, onAuthenticate });
    await assert.rejects(manager.request(`http://localhost:${String(relay.port)}/request/`), {
      name: "AuthenticationError",
      code: "SERVER_NOT_AUTHENTICATED",
    });
  });
});

describe("where Kerberos cannot be used", () => {
  for (const [what, scheme, expected] of [
    [
      "its library is missing: NTLM is asked for at once",
      negotiate({ library: "libgssapi-of-nowhere.so" }),
      [{ scheme: "ntlm", why: [] }],
    ],
    [
      "there is no ticket: the application hears of it",
      negotiate(),
      [
        { scheme: "negotiate", why: [] },
        { scheme: "negotiate", why: ["KERBEROS_TICKET_MISSING"] },
      ],
    ],
  ] as const) {
    test(what, async () => {
      const { questions, onAuthenticate } = asking(({ scheme: asked, tried }) =>
        asked === "negotiate" && tried.length === 0 ? system : bob,
      );
      const authentication = { connectionBound: [scheme, ntlm] };
      await using manager = await openNetworkAccessManager({ authentication, onAuthenticate });
      const reply = await manager.request(`http://localhost:${String(apache.port)}/ntlm/`);
      await reply.bytes();
      assert.equal(reply.headers["x-user"], "CORP\\bob");
      assert.deepEqual(
        questions.map((each) => ({
          scheme: each.scheme,
          why: each.tried.map(({ error }) => (error as { code?: string } | undefined)?.code),
        })),
        expected,
      );
    });
  }
});

/** What becomes of bytes on their way; `undefined` cuts the connection. */
type Change = (text: string) => string | undefined;

/** Carries bytes between a server and its clients, on a port of its own. */
async function startRelay(
  port: number,
  { toServer = (text) => text, toClient = (text) => text }: { readonly toServer?: Change; readonly toClient?: Change },
): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const [from, to, change] of [
      [client, upstream, toServer],
      [upstream, client, toClient],
    ] as const) {
      from.on("error", end).on("close", end);
      from.on("data", (bytes: Buffer) => {
        const changed = change(bytes.toString("latin1"));
        if (changed === undefined) end();
        else to.write(changed, "latin1");
      });
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, "close");
    },
  };
}
