import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { PassThrough } from "node:stream";
import { describe, test } from "node:test";
import { coapAnswer, type CoapHandler, coapProblem, coapServer, observable, resource } from "@fairlead/iot/coap";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import { folderHandler } from "../src/coap/folder-handler.ts";
import { serveFolder } from "../src/coap/serve.ts";
import { createUser } from "./child.ts";
import { runHere } from "./in-process.ts";

/** A state that changes as soon as it was read. */
function counting(): CoapHandler {
  let count = 0;
  const source = observable(() => {
    count += 1;
    setImmediate(() => {
      source.changed();
    });
    return coapAnswer("Content", String(count));
  });
  return source.handler;
}

const device = (): ReturnType<typeof coapServer> =>
  coapServer({
    resources: [
      resource("temp", { rt: "temperature-c", get: () => coapAnswer("Content", "21.5") }),
      resource("evil", { get: () => coapAnswer("Content", "\u001b[2Jgone\u202e") }),
      resource("valve", {
        get: () => coapProblem("Conflict", { title: { text: "open\u001b" }, detail: { text: "close it" } }),
      }),
      resource("bytes", { get: () => coapAnswer("Content", Uint8Array.of(0xff, 0x00)) }),
      resource("echo", { put: (request) => coapAnswer("Changed", request.payload) }),
      resource("count", { observable: true, get: counting() }),
    ],
  });

describe("fairlead coap", () => {
  test("get writes the payload, and tells the code apart from it", async () => {
    await using user = await createUser();
    await using server = device();
    const { url } = await server.listen({ port: 0 });
    const got = await runHere(["coap", "get", `${url}/temp`], user);
    assert.deepEqual(got, { exitCode: 0, stdout: "21.5", stderr: "2.05 Content\n" });
    const missing = await runHere(["coap", "get", `${url}/nowhere`], user);
    assert.deepEqual([missing.exitCode, missing.stderr], [22, "4.04 Not Found\n"]);
  });

  test("get --json prints an object that is safe to print, and bytes as base64", async () => {
    await using user = await createUser();
    await using server = device();
    const { url } = await server.listen({ port: 0 });
    const { stdout } = await runHere(["coap", "get", `${url}/evil`, "--json"], user);
    assert(!/[\u001b\u202e]/.test(stdout));
    assert.equal((JSON.parse(stdout) as { payload: string }).payload, "\u001b[2Jgone\u202e");
    const bytes = await runHere(["coap", "get", `${url}/bytes`, "--json"], user);
    assert.equal((JSON.parse(bytes.stdout) as { payloadBase64: string }).payloadBase64, "/wA=");
  });

  test("get --json tells what went wrong, where the device says it for programs (RFC 9290)", async () => {
    await using user = await createUser();
    await using server = device();
    const { url } = await server.listen({ port: 0 });
    const { exitCode, stdout } = await runHere(["coap", "get", `${url}/valve`, "--json"], user);
    const { code, problem } = JSON.parse(stdout) as { code: string; problem: object };
    assert.deepEqual([exitCode, code, problem], [22, "4.09", { title: "open\u001b", detail: "close it" }]);
  });

  test("put sends what it is given, or a file of any size", async () => {
    await using user = await createUser();
    await using server = device();
    const { url } = await server.listen({ port: 0 });
    assert.equal((await runHere(["coap", "put", `${url}/echo`, "-d", "on"], user)).stdout, "on");
    await writeFile(user.path("body"), "x".repeat(5_000));
    const args = ["coap", "put", `${url}/echo`, "-d", `@${user.path("body")}`, "--format", "text/plain"];
    assert.equal((await runHere(args, user)).stdout.length, 5_000);
  });

  test("observe writes as many states as it is told", async () => {
    await using user = await createUser();
    await using server = device();
    const { url } = await server.listen({ port: 0 });
    const { exitCode, stdout, stderr } = await runHere(["coap", "observe", `${url}/count`, "-n", "3"], user);
    assert.equal(stderr, "");
    assert.equal(exitCode, 0);
    assert.match(stdout, /^\d+\n\d+\n\d+\n$/);
  });

  test("discover lists what a device has", async () => {
    await using user = await createUser();
    await using server = device();
    const { url } = await server.listen({ port: 0 });
    const { stdout } = await runHere(["coap", "discover", url], user);
    assert.match(stdout, new RegExp(`^${url}/temp rt="temperature-c"\n`));
    assert(stdout.includes(`${url}/count obs\n`));
  });

  test("serve gives files whole, and nothing that is not below the folder", async () => {
    await using user = await createUser();
    await mkdir(user.path("files"));
    await writeFile(user.path("files/large"), "y".repeat(5_000));
    await writeFile(user.path("files/.hidden"), "hidden");
    await writeFile(user.path("secret"), "secret");
    await symlink(user.path("secret"), user.path("files/link"));
    await using server = coapServer({ handler: await folderHandler(user.path("files")) });
    const { url } = await server.listen({ port: 0 });
    assert.equal((await runHere(["coap", "get", `${url}/large`], user)).stdout, "y".repeat(5_000));
    for (const path of ["link", ".hidden", "..%2Fsecret", "%2e%2e%5Csecret", "large/", ""]) {
      const { exitCode, stdout } = await runHere(["coap", "get", `${url}/${path}`], user);
      assert.deepEqual([path, exitCode, stdout], [path, 22, ""]);
    }
  });

  for (const scheme of ["coap", "coaps", "coap+tcp", "coaps+tcp"]) {
    test(`serve --scheme ${scheme} answers get, by a key where it is secured, until it is told to end`, async () => {
      await using user = await createUser();
      await mkdir(user.path("files"));
      await writeFile(user.path("files/note"), "here");
      await writeFile(user.path("key"), "0123456789abcdef");
      const secured = scheme.startsWith("coaps") ? ["--psk-identity", "me", "--psk-file", user.path("key")] : [];
      const ending = new AbortController();
      const stdout = new PassThrough();
      const serving = serveFolder([user.path("files"), "--port", "0", "--scheme", scheme, ...secured], {
        ...{ stdin: new PassThrough(), stdout, stderr: new PassThrough(), env: {}, self: ["node"] },
        signal: ending.signal,
      });
      const [line] = (await once(stdout, "data")) as [Buffer];
      const [, url = ""] = / at (coaps?(?:\+tcp)?:\S+)/.exec(String(line)) ?? [];
      const got = await runHere(["coap", "get", `${url}/note`, ...secured], user);
      assert.deepEqual(got, { exitCode: 0, stdout: "here", stderr: "2.05 Content\n" });
      ending.abort();
      assert.equal(await serving, 0);
    });
  }

  test("a server is known by the authority of --cacert, and by no other", async () => {
    await using user = await createUser();
    const ca = await mintAuthority();
    const identity = await mintCertificate({ issuer: ca, names: ["localhost", "127.0.0.1"] });
    await writeFile(user.path("ca.pem"), ca.certificate);
    await using server = device();
    const { url } = await server.listen({ scheme: "coaps", port: 0, dtls: { backend: loadOpensslTls(), identity } });
    const known = await runHere(["coap", "get", `${url}/temp`, "--cacert", user.path("ca.pem")], user);
    assert.deepEqual([known.exitCode, known.stdout], [0, "21.5"]);
    const unknown = await runHere(["coap", "get", `${url}/temp`], user);
    assert.deepEqual([unknown.exitCode, unknown.stdout], [4, ""]);
    assert.match(unknown.stderr, /CERTIFICATE_ISSUER_UNKNOWN/);
  });

  test("discover --multicast lists who answers, and says when nobody does", async () => {
    await using user = await createUser();
    await using server = device();
    const groups = [{ group: "224.0.1.187", interfaces: ["127.0.0.1"] }];
    const { port, url } = await server.listen({ port: 0, groups });
    const asking = ["coap", "discover", "--multicast", "--interface", "127.0.0.1", "--port", String(port)];
    const { stdout } = await runHere([...asking, "-n", "1", "--timeout", "60"], user);
    assert(stdout.includes(`${url}/temp rt="temperature-c"\n`), stdout);
    await server.close();
    const nobody = await runHere([...asking, "--timeout", "0.1"], user);
    assert.deepEqual(nobody, { exitCode: 0, stdout: "", stderr: "nobody has answered\n" });
  });

  const refused: readonly (readonly [args: readonly string[], message: RegExp])[] = [
    [[], /ACTION is missing/],
    [["gte"], /did you mean get\?/],
    [["get"], /URL is missing/],
    [["get", "coap://h/", "-n", "1"], /takes no --count/],
    [["get", "coap://h/", "--accept", "application/jsn"], /did you mean application\/json\?/],
    [["get", "coap://h/", "--timeout", "0"], /more than 0/],
    [["get", "coap://h/", "--psk-identity", "me"], /needs a URL of coaps:/],
    [["get", "coaps://h/", "--psk-file", "key"], /needs --psk-identity/],
    [["get", "http://h/"], /nothing handles this scheme/],
    [["discover"], /needs a URL, or --multicast/],
    [["get", "coap://h/", "--cacert", "ca.pem"], /needs a URL of coaps:/],
    [["get", "coaps://h/", "--tls-backend", "nss"], /--tls-backend takes node, openssl, gnutls/],
    [["discover", "--multicast", "--cacert", "ca.pem"], /in the clear/],
    [["discover", "coap://h/", "--interface", "lo"], /for --multicast/],
    [["serve", "--port", "99999"], /--port takes a number/],
    [["serve", "--scheme", "http"], /--scheme takes coap/],
    [["serve", "--scheme", "coaps"], /either --cert, or --psk-identity/],
    [["serve", "--scheme", "coaps", "--psk-identity", "me"], /need each other/],
    [["serve", "--cert", "a.pem"], /needs --scheme coaps/],
    [["serve", "--multicast"], /needs --host/],
  ];
  for (const [args, message] of refused) {
    test(`refuses '${["coap", ...args].join(" ")}'`, async () => {
      await using user = await createUser();
      const { exitCode, stderr } = await runHere(["coap", ...args], user);
      assert.equal(exitCode, 2);
      assert.match(stderr, message);
    });
  }
});
