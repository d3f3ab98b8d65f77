import assert from "node:assert/strict";
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { after, before, describe, test } from "node:test";
import type { ServiceName } from "@fairlead/testserver";
import type { Finished } from "../child.ts";
import { createWorld, type TestWorld } from "../test-world.ts";

/** One line that names the code and says what to do, the exit code, nothing on standard output, no stack trace. */
function assertFailure({ exitCode, stdout, stderr }: Finished, code: string, expectedExit: number): void {
  const [line = "", ...rest] = stderr.split("\n");
  assert.deepEqual(rest, [""], `more than one line: ${stderr}`);
  assert.match(line, new RegExp(`^fairlead: .+; .+ \\[${code}\\]$`));
  assert.doesNotMatch(line, /\bat .+:\d+:\d+/);
  assert.deepEqual([stdout, exitCode], ["", expectedExit]);
}

describe("fairlead get: every failure is one line and an exit code", () => {
  let world: TestWorld;
  before(async () => {
    world = await createWorld();
  });
  after(() => world[Symbol.asyncDispose]());
  const inMemory = ["--store", "memory:"];

  test("a scheme that is unknown is named, and those that are not", async () => {
    const { stderr } = await world.get([...inMemory, "gopher://a.example/"]);
    assert.match(stderr, /\(gopher\); use http, https, sftp or data \[/);
  });

  for (const [url, code] of [
    ["not a url", "URL_INVALID"],
    ["http://", "URL_INVALID"],
    ["http://host:99999/", "URL_INVALID"],
    ["example.com", "URL_INVALID"],
    ["", "URL_INVALID"],
    ["gopher://a.example/", "URL_SCHEME_UNKNOWN"],
    ["file:///etc/passwd", "URL_SCHEME_UNKNOWN"],
    ["localhost:80", "URL_SCHEME_UNKNOWN"],
    ["https://user:secret@a.example/", "URL_USER_INFORMATION"],
  ] as const) {
    test(`2 for the URL ${JSON.stringify(url)}`, async () => {
      const failure = await world.get([url]);
      assertFailure(failure, code, 2);
      assert.doesNotMatch(failure.stderr, /secret/);
      // Refused before anything is opened.
      assert.deepEqual(await world.user.files(), ["ca.pem"]);
    });
  }

  test("2 for a field that would break into another", async () => {
    assertFailure(
      await world.get([...inMemory, "-H", "X-A: a\nX-B: b", world.url("http", "/echo")]),
      "HEADER_INVALID",
      2,
    );
  });

  test("3 for a refused connection", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { readonly port: number };
    await new Promise((resolve) => server.close(resolve));
    const failure = await world.get([...inMemory, `http://127.0.0.1:${port}/`]);
    assertFailure(failure, "CONNECTION_REFUSED", 3);
    assert.match(failure.stderr, new RegExp(`connect 127\\.0\\.0\\.1:${port}: `));
  });

  test("3 for a name that cannot be found", async () => {
    // RFC 6761 section 6.4: names below .invalid do not exist; without a network, the name server gives no answer.
    const failure = await world.get([...inMemory, "--timeout", "30", "http://nowhere.invalid/"]);
    assertFailure(failure, "(?:NAME_NOT_FOUND|NAME_LOOKUP_FAILED)", 3);
    assert.match(failure.stderr, /nowhere\.invalid/);
  });

  for (const [listener, code] of [
    ["https-expired", "CERTIFICATE_EXPIRED"],
    ["https-not-yet-valid", "CERTIFICATE_NOT_YET_VALID"],
    ["https-wrong-host", "CERTIFICATE_HOST_MISMATCH"],
    ["https-self-signed", "CERTIFICATE_SELF_SIGNED"],
    ["https-untrusted-root", "CERTIFICATE_ISSUER_UNKNOWN"],
    ["https-incomplete-chain", "CERTIFICATE_ISSUER_UNKNOWN"],
    ["https-client-certificate", "CLIENT_CERTIFICATE_REQUIRED"],
  ] as const satisfies readonly (readonly [ServiceName, string])[]) {
    test(`4 for the listener ${listener}`, async () => {
      const failure = await world.get([...inMemory, world.url(listener, "/echo")]);
      assertFailure(failure, code, 4);
      assert.match(failure.stderr, new RegExp(`localhost:${world.network.service(listener).port}`));
    });
  }

  test("4 for a port that speaks no TLS", async () => {
    const { port } = world.network.service("tcp-echo");
    assertFailure(await world.get([...inMemory, `https://localhost:${port}/`]), "TLS_NOT_SPOKEN", 4);
  });

  for (const [path, code] of [
    ["/cut/before-response", "RESPONSE_MISSING"],
    ["/cut/status-line", "RESPONSE_(?:MISSING|MALFORMED)"],
    ["/malformed/not-http", "RESPONSE_MALFORMED"],
    ["/malformed/status-word", "RESPONSE_MALFORMED"],
    ["/length/conflict", "RESPONSE_MALFORMED"],
    ["/headers/size/1024", "RESPONSE_HEADERS_TOO_LARGE"],
    ["/location/unparsable", "REDIRECT_LOCATION_INVALID"],
  ] as const) {
    test(`5 for ${path}`, async () => {
      assertFailure(await world.get([...inMemory, world.url("http", path)]), code, 5);
    });
  }

  for (const [path, code] of [
    ["/cut/body", "RESPONSE_TRUNCATED"],
    ["/cut/chunked", "RESPONSE_TRUNCATED"],
    ["/length/short", "RESPONSE_TRUNCATED"],
    ["/compress/wrong/gzip", "CONTENT_CODING_INVALID"],
    ["/compress/truncated/br", "CONTENT_CODING_INVALID"],
    ["/compress/unknown", "CONTENT_CODING_INVALID"],
  ] as const) {
    test(`5 for ${path}, which fails in the body`, async () => {
      const failure = await world.get([...inMemory, world.url("https", path)]);
      assertFailure({ ...failure, stdout: "" }, code, 5);
    });
  }

  for (const [path, code] of [
    ["/redirect/302/http", "REDIRECT_LESS_SAFE"],
    ["/redirect/loop/20", "REDIRECT_LOOP"],
    ["/redirect/chain/21", "REDIRECT_LIMIT"],
    ["/location/javascript", "REDIRECT_SCHEME_REFUSED"],
  ] as const) {
    test(`6 for ${path}`, async () => {
      assertFailure(await world.get([...inMemory, world.url("https", path)]), code, 6);
    });
  }

  for (const path of ["/stall/response", "/stall/headers"]) {
    test(`7 for ${path} and a timeout`, async () => {
      const failure = await world.get([...inMemory, "--timeout", "0.3", world.url("https", path)]);
      assertFailure(failure, "TIMED_OUT", 7);
    });
  }

  test("7 for a body that stalls", async () => {
    const failure = await world.get([...inMemory, "--timeout", "0.5", world.url("https", "/stall/body?after=10")]);
    assertFailure({ ...failure, stdout: "" }, "TIMED_OUT", 7);
  });

  test("8 for a store that others can read, with the command that mends it", async () => {
    const file = world.user.path("open.db");
    await writeFile(file, "");
    await chmod(file, 0o644);
    const failure = await world.get(["--store", `sqlite:${file}`, world.url("http", "/echo")]);
    assertFailure(failure, "STORE_PERMISSIONS", 8);
    assert.match(failure.stderr, /chmod/);
  });

  test("8 for a store that is a link", async () => {
    const file = world.user.path("link.db");
    await symlink(world.user.path("elsewhere.db"), file);
    assertFailure(await world.get(["--store", `sqlite:${file}`, world.url("http", "/echo")]), "STORE_IS_LINK", 8);
  });

  test("8 for a store that is no store", async () => {
    const file = world.user.path("text.db");
    await writeFile(file, "this is no database, and never was one\n".repeat(100), { mode: 0o600 });
    assertFailure(await world.get(["--store", `sqlite:${file}`, world.url("http", "/echo")]), "STORE_CORRUPT", 8);
  });

  test("2 for a store URL that nobody understands", async () => {
    assertFailure(await world.get(["--store", "./network.db", world.url("http", "/echo")]), "STORE_URL_INVALID", 2);
  });

  test("9 for files that cannot be read or written", async () => {
    const directory = world.user.path("directory");
    await mkdir(directory);
    const url = world.url("http", "/echo");
    for (const [args, line] of [
      [
        ["-o", directory, url],
        `write ${directory}: this is no regular file; name a file; directories, devices, pipes and sockets are none [FILE_NOT_REGULAR]`,
      ],
      [
        ["-o", `${directory}/none/file`, url],
        `write ${directory}/none/file: there is no such file or directory; check the path and the case of its letters, or make the directory [FILE_NOT_FOUND]`,
      ],
      [["-d", `@${directory}`, url], `cannot read ${directory}: it is a directory`],
      [["-d", "@none", url], "cannot read none: there is no such file or directory"],
      [["--cacert", "none", url], "cannot read none: there is no such file or directory"],
      [["--cacert", "/dev/null", url], "cannot read /dev/null: it holds no certificate in PEM format"],
      [["--cert", "none", url], "cannot read none: there is no such file or directory"],
      [["--cert", "/dev/null", url], "cannot read /dev/null: it holds no certificate in PEM format"],
    ] as const) {
      const { exitCode, stdout, stderr } = await world.user.run(["get", ...inMemory, ...args]);
      assert.deepEqual([exitCode, stdout, stderr], [9, "", `fairlead: ${line}\n`]);
    }
  });

  test("22 for an error status, with --fail only, and the body all the same", async () => {
    const url = world.url("https", "/status/404");
    const without = await world.get([...inMemory, url]);
    assert.deepEqual([without.exitCode, without.stdout, without.stderr], [0, "status 404\n", ""]);
    const { exitCode, stdout, stderr } = await world.get([...inMemory, "--fail", url]);
    assert.deepEqual([exitCode, stdout, stderr], [22, "status 404\n", `fairlead: ${url} answered with status 404\n`]);
  });

  for (const [args, line] of [
    [[], "URL is missing"],
    [["http://a.example", "http://b.example"], 'unexpected argument "http://b.example"'],
    [["--key", "key.pem", "http://a.example"], "--key needs --cert, the certificate that it belongs to"],
    [["--timeout", "soon", "http://a.example"], '--timeout takes seconds, such as 2.5, not "soon"'],
    [["--timeout", "0", "http://a.example"], '--timeout takes seconds, such as 2.5, not "0"'],
    [["--timeout", "9999999999", "http://a.example"], '--timeout takes seconds, such as 2.5, not "9999999999"'],
    [["--header", "no colon", "http://a.example"], `--header takes 'Name: value', not "no colon"`],
    [
      ["--redirect", "same-orign", "http://a.example"],
      '--redirect has no policy "same-orign"; did you mean same-origin?',
    ],
    [["--tls-backend", "schannel", "http://a.example"], '--tls-backend takes node, openssl, gnutls, not "schannel"'],
    [["--redirect", "ask", "http://a.example"], "--redirect ask needs a terminal to ask on"],
    [
      ["--resolve", "a.example", "http://a.example"],
      '--resolve takes HOST:ADDRESS, such as a.example:127.0.0.1, not "a.example"',
    ],
    [["--output", "", "http://a.example"], "--output needs the name of a file"],
    [["--resume", "http://a.example"], "--resume needs --output FILE"],
    [["--parallel", "2", "-o", "-", "http://a.example"], "--parallel needs --output FILE"],
    [["--parallel", "0", "-o", "f", "http://a.example"], '--parallel takes a number from 1 to 16, not "0"'],
    [
      ["--digest", "md5=5", "-o", "f", "http://a.example"],
      "--digest takes ALGORITHM=DIGEST, sha-512 or sha-256, in hexadecimal or base64",
    ],
  ] as const) {
    test(`2 for ${JSON.stringify(args)}`, async () => {
      const { exitCode, stdout, stderr } = await world.user.run(["get", ...args]);
      assert.deepEqual([exitCode, stdout, stderr], [2, "", `fairlead: get: ${line} (see 'fairlead help get')\n`]);
    });
  }

  test("shows causes with FAIRLEAD_DEBUG=1, and still no secret", async () => {
    const url = world.url("http", "/echo?token=secret").replace("http:", "https:");
    const { stderr, exitCode } = await world.get([...inMemory, "-H", "Authorization: Bearer secret", url], {
      env: { FAIRLEAD_DEBUG: "1" },
    });
    assert.equal(exitCode, 4);
    assert.match(stderr, /^error: TlsError TLS_NOT_SPOKEN: /m);
    assert.match(stderr, /^cause: /m);
    assert.match(stderr, /^ {2}at /m);
    assert.doesNotMatch(stderr, /secret/);
  });

  test("--json prints the error and the hops before it, and the line all the same", async () => {
    const failure = await world.get([...inMemory, "--json", world.url("https", "/redirect/302/http")]);
    assert.partialDeepStrictEqual(JSON.parse(failure.stdout), {
      error: {
        name: "PolicyError",
        code: "REDIRECT_LESS_SAFE",
        peer: new URL(world.url("https", "/")).host,
        operation: "redirect",
      },
      hops: [{ status: 302, method: "GET", location: world.url("http", "/echo") }],
    });
    assertFailure({ ...failure, stdout: "" }, "REDIRECT_LESS_SAFE", 6);
  });

  test("--verbose shows the hops before an error", async () => {
    const { stderr } = await world.get([...inMemory, "-v", world.url("https", "/redirect/302/http")]);
    assert.match(stderr, /^1 {2}302 {2}GET https:/);
    assert.match(stderr, /\[REDIRECT_LESS_SAFE\]\n$/);
  });
});
