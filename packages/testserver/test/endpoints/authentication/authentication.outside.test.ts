import assert from "node:assert/strict";
import { after, before, describe, test, type TestContext } from "node:test";
import { startTestNetwork, type TestNetwork } from "@fairlead/testserver";
import { detour } from "../../detour.ts";
import { isMissing, run } from "../../outside.ts";

describe("logins by curl", () => {
  let network: TestNetwork;
  before(async () => {
    network = await startTestNetwork({ services: ["http"], ...detour });
  });
  after(async () => {
    await network.close();
  });

  const statuses = async (scheme: string, user: string, path: string): Promise<string> => {
    const options = ["--silent", "--max-time", "15", `--${scheme}`, "--user", user, "--output", "/dev/null"];
    const format = ["--write-out", "%{http_code} %{num_connects}\n"];
    const url = network.http.origin + path;
    const { stdout } = await run("curl", [...options, "--output", "/dev/null", ...format, url, url]);
    return stdout;
  };
  const check = (name: string, body: (context: TestContext) => Promise<void>): void => {
    test(name, async (context) => {
      if (!(await isMissing(context, "curl"))) await body(context);
    });
  };

  for (const user of ["me:secret", "DOMAIN\\me:secret", "me@domain.test:secret"]) {
    check(`NTLM takes ${user.split(":")[0] ?? ""} by NTLMv2, once for a connection`, async () => {
      const name = user.includes("@") ? "me@domain.test" : "me";
      assert.equal(await statuses("ntlm", user, `/auth/ntlm/${name}/secret`), "200 1\n200 0\n");
    });
  }

  check("NTLM refuses a wrong password", async () => {
    assert.match(await statuses("ntlm", "me:wrong", "/auth/ntlm/me/secret"), /^401 /);
  });

  for (const query of [
    "algorithm=MD5",
    "algorithm=SHA-256",
    "algorithm=SHA-256-sess",
    "userhash=yes",
    "qop=auth-int",
  ]) {
    check(`Digest with ${query}, twice by one nonce`, async () => {
      assert.equal(await statuses("digest", "me:secret", `/auth/digest/me/secret?${query}`), "200 1\n200 0\n");
      assert.equal(await statuses("digest", "me:wrong", `/auth/digest/me/secret?${query}`), "401 1\n401 0\n");
    });
  }

  check("Digest goes on when its nonce becomes stale", async () => {
    assert.equal(await statuses("digest", "me:secret", "/auth/digest/me/secret?uses=1"), "200 1\n200 0\n");
  });

  check("the scheme that is known is found among others", async () => {
    assert.match(await statuses("anyauth", "me:secret", "/auth/several/me/secret"), /^200 /);
  });
});
