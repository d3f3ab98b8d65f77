import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Kdc, startKdc } from "@fairlead/conformance/peers";
import { startTestNetwork, type TestNetwork } from "@fairlead/testserver";
import { detour } from "../../detour.ts";
import { isMissing, type Outcome, run } from "../../outside.ts";

describe("logins by Kerberos, by curl", () => {
  let kdc: Kdc;
  let network: TestNetwork;
  before(async () => {
    kdc = await startKdc({ users: { alice: "secret" }, services: ["HTTP/localhost"] });
    // Kept out of the temporary folder: a file of what was replayed, which outlives the process and the test.
    Object.assign(process.env, { KRB5_CONFIG: kdc.environment.KRB5_CONFIG, KRB5RCACHENAME: "none:" });
    const kerberos = { keytab: await kdc.keytab("HTTP/localhost"), service: "HTTP@localhost" };
    network = await startTestNetwork({ services: ["http"], kerberos, ...detour });
  });
  after(async () => {
    await network.close();
    await kdc[Symbol.asyncDispose]();
  });

  const ask = (env: Readonly<Record<string, string>>): Promise<Outcome> =>
    run(
      "curl",
      ["--silent", "--max-time", "15", "--negotiate", "--user", ":", `${network.http.origin}/auth/negotiate`],
      {
        env: { ...kdc.environment, ...env },
      },
    );

  test("let in who has a ticket, by name", async (context) => {
    if (await isMissing(context, "curl")) return;
    const { stdout } = await ask({ KRB5CCNAME: await kdc.ticketCache("alice", "secret") });
    assert.deepEqual(JSON.parse(stdout), { authenticated: true, user: "alice@FAIRLEAD.TEST" });
  });

  test("refuse who has none, and what is no token", async (context) => {
    if (await isMissing(context, "curl")) return;
    assert.equal((await ask({ KRB5CCNAME: "FILE:/nonexistent/tickets" })).stdout, "log in\n");
    const garbage = [
      "--silent",
      "--max-time",
      "15",
      "--header",
      "Authorization: Negotiate YWJj",
      "--write-out",
      "%{http_code}",
    ];
    const { stdout } = await run("curl", [...garbage, `${network.http.origin}/auth/negotiate`]);
    assert.match(stdout, /401$/);
  });
});
