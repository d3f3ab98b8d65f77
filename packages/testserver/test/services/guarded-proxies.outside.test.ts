import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startKdc } from "@fairlead/conformance/peers";
import { startTestNetwork, type TestNetwork } from "@fairlead/testserver";
import { mintCertificate } from "@fairlead/testserver/authority";
import { guardedProxyServices } from "../../src/services/proxies/guarded.ts";
import { describeServices, type OutsideCheck } from "../describe-services.ts";
import { type Outcome, run } from "../outside.ts";
import { through, urlOf } from "./through-proxy.ts";

describeServices(guardedProxyServices, {
  "proxy-basic": {
    by: ["curl"],
    check: async (check) => {
      const url = urlOf(check, "https");
      const nobody = await through(check, url, "-v");
      assert.match(nobody.stderr, /Proxy-Authenticate: Basic realm="proxy"/i);
      assert.equal((await through(check, url, "-U", "user:wrong")).code, 56);
      // Without being told the scheme curl asks first, and repeats on the same connection.
      const right = await through(check, url, "-U", "user:secret", "--proxy-anyauth", "-w", "%{num_connects}");
      assert.match(right.stdout, /fairlead test network.*1$/s);
      const record = JSON.stringify(check.network.traffic);
      assert.match(record, /"credentials":"Basic"/);
      assert.ok(!record.includes(Buffer.from("user:secret").toString("base64")));
    },
  },
  "proxy-digest": authenticated("--proxy-digest", /Digest realm="proxy", nonce="[^"]+", algorithm=SHA-256/i),
  "proxy-digest-md5": authenticated("--proxy-digest", /Digest realm="proxy", nonce="[^"]+", algorithm=MD5/i),
  "proxy-digest-stale": {
    by: ["curl"],
    check: async (check) => {
      // The request that follows the redirect uses the nonce again.
      const url = urlOf(check, "http", "/redirect/302?to=/json");
      const { stdout, stderr } = await through(check, url, "-L", "-v", "--proxy-digest", "-U", "user:secret");
      assert.match(stderr, /stale=true/);
      assert.match(stdout, /fairlead test network/);
    },
  },
  "proxy-ntlm": authenticated("--proxy-ntlm", /Proxy-Authenticate: NTLM TlRMTVNTUAACAAAA/i),
  "proxy-negotiate": {
    by: ["curl"],
    check: async (check) => {
      const options = ["-v", "--proxy-negotiate", "--proxy-user", ":"];
      // The network that all checks share has no key.
      const { code, stderr } = await through(check, urlOf(check, "https"), ...options);
      assert.equal(code, 56);
      assert.match(stderr, /Proxy-Authenticate: Negotiate/i);
      await using keyless = await startTestNetwork({
        services: ["proxy-negotiate"],
        kerberos: { keytab: "/nonexistent/keytab" },
      });
      const { origin: keylessOrigin } = keyless.service("proxy-negotiate");
      for (const token of ["YWJj", "YIIB"]) {
        const proxy = ["-x", keylessOrigin, "--proxy-header", `Proxy-Authorization: Negotiate ${token}`];
        const { stderr: said } = await run("curl", ["-sv", "--max-time", "15", ...proxy, urlOf(check, "https")]);
        assert.match(said, /CONNECT tunnel failed, response 407/);
      }
      await withKerberos(async (network, KRB5_CONFIG, ticket) => {
        for (const name of ["http", "https"] as const) {
          const ask = (KRB5CCNAME: string): Promise<Outcome> => {
            const { origin } = network.service(name);
            const proxy = ["-x", `http://localhost:${network.service("proxy-negotiate").port}`, "--max-time", "15"];
            const url = `${origin}/json`;
            return run("curl", [...proxy, ...options, "-k", "--noproxy", "", url], {
              env: { KRB5_CONFIG, KRB5CCNAME },
            });
          };
          assert.match((await ask(ticket)).stdout, /fairlead test network/);
          assert.doesNotMatch((await ask("FILE:/nonexistent/tickets")).stdout, /fairlead test network/);
        }
      });
    },
  },
  "proxy-bearer": {
    by: ["curl"],
    check: async (check) => {
      const send = (token: string): ReturnType<typeof through> =>
        through(check, urlOf(check, "https"), "--proxy-header", `Proxy-Authorization: Bearer ${token}`);
      assert.match((await send("secret")).stdout, /fairlead test network/);
      assert.equal((await send("wrong")).code, 56);
    },
  },
  "proxy-https-expired": refusedByClient(/certificate has expired/),
  "proxy-https-wrong-host": refusedByClient(/no alternative certificate subject name matches/),
  "proxy-https-client-certificate": {
    by: ["curl"],
    check: async (check) => {
      const { folder, network } = check;
      const { code } = await through(check, urlOf(check, "https"));
      assert.ok(code === 56 || code === 35 || code === 16, String(code));
      const { certificate, privateKey } = await mintCertificate({ issuer: network.ca, names: ["me"], usage: "client" });
      const file = join(folder, "proxy-client.pem");
      await writeFile(file, certificate + privateKey);
      const known = await through(check, urlOf(check, "https"), "--proxy-cert", file);
      assert.match(known.stdout, /fairlead test network/);
    },
  },
});

/** Has a Kerberos server, a network with its key for `HTTP/localhost`, and a user's ticket. */
async function withKerberos(
  use: (network: TestNetwork, configuration: string, ticket: string) => Promise<void>,
): Promise<void> {
  await using kdc = await startKdc({ users: { alice: "secret" }, services: ["HTTP/localhost"] });
  process.env["KRB5_CONFIG"] = kdc.environment.KRB5_CONFIG;
  const kerberos = { keytab: await kdc.keytab("HTTP/localhost"), service: "HTTP@localhost" };
  await using network = await startTestNetwork({ services: ["http", "https", "proxy-negotiate"], kerberos });
  await use(network, kdc.environment.KRB5_CONFIG, await kdc.ticketCache("alice", "secret"));
}

/** The right password arrives, of a tunnel and of a plain request; a wrong one does not. */
function authenticated(scheme: string, challenge: RegExp): OutsideCheck {
  return {
    by: ["curl"],
    check: async (check) => {
      for (const name of ["http", "https"] as const) {
        const { stdout, stderr } = await through(check, urlOf(check, name), "-v", scheme, "-U", "user:secret");
        assert.match(stderr, challenge);
        assert.match(stdout, /fairlead test network/);
        const wrong = await through(check, urlOf(check, name), scheme, "-U", "user:wrong");
        assert.doesNotMatch(wrong.stdout, /fairlead test network/);
      }
    },
  };
}

function refusedByClient(says: RegExp): OutsideCheck {
  return {
    by: ["curl"],
    check: async (check) => {
      const { code, stderr } = await through(check, urlOf(check, "http"));
      assert.match(stderr, says);
      assert.equal(code, 60);
      const unchecked = await through(check, urlOf(check, "http"), "--proxy-insecure");
      assert.match(unchecked.stdout, /fairlead test network/);
    },
  };
}
