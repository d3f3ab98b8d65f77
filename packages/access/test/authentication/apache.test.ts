import { openNetworkAccessManager, type NetworkAccessManagerOptions } from "@fairlead/access";
import { startApache, type Apache } from "@fairlead/conformance/peers";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { asking, password } from "./asking.ts";

const user = { username: "Jäsøn Doe", password: 'Secret, or not? £ "\\' } as const;
const right = password(user.username, user.password);
const REALM = "a realm, with signs";

describe("Apache", () => {
  let apache: Apache;
  let anchor: string;
  before(async () => {
    const ca = await mintAuthority();
    anchor = ca.certificate;
    const hash = (algorithm: string, text: string): Buffer => createHash(algorithm).update(text).digest();
    const digest = hash("md5", `${user.username}:${REALM}:${user.password}`).toString("hex");
    const location = (path: string, type: "Basic" | "Digest", more: string): string => `<Location ${path}>
      AuthType ${type}
      AuthName "${REALM}"
      ${more}
      Require valid-user
    </Location>\n`;
    apache = await startApache({
      modules: ["auth_basic", "auth_digest", "authn_file"],
      identity: await mintCertificate({ names: ["127.0.0.1"], issuer: ca }),
      files: {
        basic: `${user.username}:{SHA}${hash("sha1", user.password).toString("base64")}\n`,
        digest: `${user.username}:${REALM}:${digest}\n`,
        ...Object.fromEntries(["basic", "digest", "once"].map((name) => [`www/${name}/index.html`, `in ${name}`])),
      },
      configuration: (folder) =>
        location("/basic", "Basic", `AuthUserFile ${folder}/basic`) +
        location("/digest", "Digest", `AuthUserFile ${folder}/digest`) +
        location("/once", "Digest", `AuthUserFile ${folder}/digest\nAuthDigestNonceLifetime 0`),
    });
  });
  after(() => apache[Symbol.asyncDispose]());

  const open = (options: NetworkAccessManagerOptions): ReturnType<typeof openNetworkAccessManager> =>
    openNetworkAccessManager({ ...options, tls: { trust: { type: "anchors", certificates: [anchor] } } });

  for (const [path, scheme, port, hopsOf] of [
    ["/basic/", "basic", (): number => apache.tlsPort, ["authentication"]],
    ["/digest/", "digest", (): number => apache.port, ["authentication"]],
    ["/digest/", "digest", (): number => apache.tlsPort, ["authentication"]],
    ["/once/", "digest", (): number => apache.port, ["authentication"]],
  ] as const) {
    test(`lets in who knows the password: ${path} by ${scheme}, and takes the same again at once`, async () => {
      const { onAuthenticate, questions } = asking(password(user.username, "guess"), right);
      await using manager = await open({ onAuthenticate });
      const origin = `${port() === apache.port ? "http" : "https"}://127.0.0.1:${String(port())}`;
      for (let index = 0; index < 3; index += 1) {
        const reply = await manager.request(`${origin}${path}?${String(index)}`);
        assert.equal(await reply.text(), `in ${path.slice(1, -1)}`);
        const repeats = reply.transaction.hops[0]?.repeats;
        assert.deepEqual(repeats, index === 0 ? [...hopsOf, "authentication"] : []);
      }
      assert.deepEqual(
        questions.map(({ realm, tried }) => [realm, tried.length]),
        [
          [REALM, 0],
          [REALM, 1],
        ],
      );
    });
  }

  test("tells many requests at once apart by the counts of one nonce", async () => {
    const { onAuthenticate, questions } = asking(right);
    await using manager = await open({ onAuthenticate });
    const get = async (index: number): Promise<number> => {
      const reply = await manager.request(`http://127.0.0.1:${String(apache.port)}/digest/?${String(index)}`);
      await reply.bytes();
      return reply.status;
    };
    assert.equal(await get(-1), 200);
    const statuses = await Promise.all(Array.from({ length: 30 }, (_, index) => get(index)));
    assert.deepEqual(new Set(statuses), new Set([200]));
    assert.equal(questions.length, 1);
  });

  test("lets curl in by the same, and no other", async () => {
    const curl = async (secret: string, path: string): Promise<string> => {
      const login = ["--digest", "--user", `${user.username}:${secret}`];
      const url = `http://127.0.0.1:${String(apache.port)}${path}`;
      return (await promisify(execFile)("curl", ["-sS", "-w", " %{http_code}", "-o", "/dev/null", ...login, url]))
        .stdout;
    };
    assert.equal(await curl(user.password, "/digest/"), " 200");
    assert.equal(await curl("guess", "/digest/"), " 401");
  });
});
