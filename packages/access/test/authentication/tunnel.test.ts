import {
  ntlm,
  openNetworkAccessManager,
  type AuthenticationAnswer,
  type AuthenticationQuestion,
} from "@fairlead/access";
import {
  startApache,
  startKdc,
  type Apache,
  type Kdc,
  type Program,
  startSquid,
  startTinyproxy,
  type Squid,
} from "@fairlead/conformance/peers";
import { negotiate } from "@fairlead/gssapi";
import { mintAuthority, mintCertificate, type Authority } from "@fairlead/testserver/authority";
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

describe("a proxy and a server that both want to know who the client is, each by a scheme of the connection", () => {
  let kdc: Kdc;
  let apache: Apache;
  let authority: Authority;
  let cache: string;
  let keytab: string;

  before(async () => {
    kdc = await startKdc({ users: { alice: "alice-password" }, services: ["HTTP/localhost"] });
    process.env["KRB5_CONFIG"] = kdc.environment.KRB5_CONFIG;
    cache = await kdc.ticketCache("alice", "alice-password");
    keytab = await kdc.keytab("HTTP/localhost");
    authority = await mintAuthority();
    apache = await startApache({
      modules: ["auth_gssapi"],
      files: { "www/index.html": "let in", users: "CORP:bob:bob-password\n" },
      configuration: () =>
        "<Location />\nAuthType GSSAPI\nAuthName here\nGssapiAllowedMech ntlmssp\nGssapiConnectionBound On\nRequire valid-user\n</Location>",
      environment: (folder) => ({ NTLM_USER_FILE: `${folder}/users` }),
      identity: await mintCertificate({ issuer: authority, names: ["localhost"] }),
    });
  });
  after(async () => {
    await apache[Symbol.asyncDispose]();
    await kdc[Symbol.asyncDispose]();
  });

  const bob: AuthenticationAnswer = { type: "password", username: "CORP\\bob", password: "bob-password" };
  const open = ({ port }: Program, answers: Readonly<Record<"origin" | "proxy", AuthenticationAnswer>>) => {
    const questions: AuthenticationQuestion[] = [];
    const opening = openNetworkAccessManager({
      tls: { trust: { type: "anchors", certificates: [authority.certificate] } },
      proxy: `http://localhost:${String(port)}`,
      authentication: { connectionBound: [negotiate({ cache }), ntlm] },
      onAuthenticate: (question) => {
        questions.push(question);
        return answers[question.role];
      },
    });
    return { opening, questions };
  };

  for (const [scheme, start, proxy] of [
    ["negotiate", () => startSquid(authority, { keytab }), { type: "system" }],
    ["ntlm", () => startSquid(authority, "ntlm"), bob],
  ] as const satisfies readonly (readonly [string, () => Promise<Squid>, AuthenticationAnswer])[]) {
    test(`${scheme} at the proxy, and NTLM at the server through the tunnel: one connection for both`, async () => {
      await using squid = await start();
      const { opening, questions } = open(squid, { proxy, origin: bob });
      await using manager = await opening;
      const connections = new Set<number | undefined>();
      for (let index = 0; index < 3; index += 1) {
        const reply = await manager.request(`https://localhost:${String(apache.tlsPort)}/?${String(index)}`);
        assert.equal(await reply.text(), "let in");
        assert.equal(reply.headers["x-user"], "CORP\\bob");
        connections.add(reply.transaction.hops[0]?.connection?.id);
      }
      assert.equal(connections.size, 1);
      assert.deepEqual(
        questions.map(({ role }) => role),
        ["proxy", "origin"],
      );
    });

    test(`${scheme} at the proxy, without a tunnel: the server has no connection of its own to authenticate`, async () => {
      await using squid = await start();
      const { opening, questions } = open(squid, { proxy, origin: bob });
      await using manager = await opening;
      for (let index = 0; index < 2; index += 1) {
        const reply = await manager.request(`http://localhost:${String(apache.port)}/?${String(index)}`);
        await reply.bytes();
        assert.equal(reply.status, 401);
      }
      assert.deepEqual(
        questions.map(({ role }) => role),
        ["proxy"],
      );
    });
  }

  test("a proxy that forwards and keeps its connections apart: NTLM at the server behind it", async () => {
    await using squid = await startSquid(authority);
    const { opening } = open(squid, { proxy: { type: "none" }, origin: bob });
    await using manager = await opening;
    for (let index = 0; index < 3; index += 1) {
      const reply = await manager.request(`http://localhost:${String(apache.port)}/?${String(index)}`);
      await reply.bytes();
      assert.equal(reply.headers["x-user"], "CORP\\bob");
    }
  });

  test("a proxy that does not say so: nobody is signed in through it (RFC 4559 section 6)", async () => {
    await using tinyproxy = await startTinyproxy({ asks: false });
    const { opening, questions } = open(tinyproxy, { proxy: { type: "none" }, origin: bob });
    await using manager = await opening;
    const reply = await manager.request(`http://localhost:${String(apache.port)}/`);
    await reply.bytes();
    assert.deepEqual([reply.status, questions.length], [401, 0]);
  });
});
