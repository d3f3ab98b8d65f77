import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import type { ServiceName } from "@fairlead/testserver";
import { createUser } from "../child.ts";
import { createWorld, type TestWorld } from "../test-world.ts";

describe("fairlead get remembers across processes", () => {
  let world: TestWorld;
  before(async () => {
    world = await createWorld();
  });
  after(() => world[Symbol.asyncDispose]());

  test("hosts that want https", async () => {
    const { network, user, trust } = world;
    const { port } = network.service("http-or-https");
    await using store = await createUser();
    const memory = ["--store", `sqlite:${store.path("hsts.db")}`];
    await user.run(["get", ...trust, ...memory, `https://fairlead.test:${port}/hsts`]);

    network.clearRequests();
    const upgraded = await world.get([
      ...memory,
      "--json",
      "-X",
      "PUT",
      "-d",
      "body",
      `http://fairlead.test:${port}/echo`,
    ]);
    assert.partialDeepStrictEqual(JSON.parse(upgraded.stdout), {
      url: `https://fairlead.test:${port}/echo`,
      hops: [{ status: 307, reason: "hsts" }, { status: 200 }],
    });
    assert.deepEqual(
      network.requests.map(({ method, tls, body }) => [method, tls !== undefined, body.sizeBytes]),
      [["PUT", true, 4]],
    );
  });

  for (const [listener, protocol] of [
    ["https-tls13", "TLSv1.3"],
    ["https-tls12", "TLSv1.2"],
  ] as const satisfies readonly (readonly [ServiceName, string])[]) {
    test(`sessions of ${protocol}, as the server sees it`, async () => {
      await using store = await createUser();
      const memory = ["--store", `sqlite:${store.path("tickets.db")}`];
      world.network.clearRequests();
      for (let round = 0; round < 2; round += 1) {
        const { exitCode, stderr } = await world.get([...memory, world.url(listener, "/echo")]);
        assert.deepEqual([exitCode, stderr], [0, ""]);
      }
      assert.deepEqual(
        world.network.requests.map(({ tls }) => [tls?.protocol, tls?.sessionReused]),
        [
          [protocol, false],
          [protocol, true],
        ],
      );
      // Another set of trust anchors gains nothing by them.
      const { stderr } = await world.user.run(["get", ...memory, world.url(listener, "/echo")]);
      assert.match(stderr, /\[CERTIFICATE_ISSUER_UNKNOWN\]/);
    });
  }

  test("cookies that outlive the session", async () => {
    await using store = await createUser();
    const memory = ["--store", `file:${store.path("cookies.json")}`];
    const value = encodeURIComponent("kept=yes; Max-Age=600; Path=/");
    await world.get([...memory, world.url("https", `/cookies/set-raw?value=${value}&value=session%3Dno`)]);
    const { stdout } = await world.get([...memory, world.url("https", "/cookies")]);
    assert.deepEqual(JSON.parse(stdout), { raw: "kept=yes", pairs: [["kept", "yes"]] });
  });

  test("in the user's state directory, which nobody else can read, when nothing is said", async () => {
    const { user } = world;
    assert.equal((await world.get([world.url("https", "/hsts")])).exitCode, 0);
    assert.equal((await stat(user.storeFile)).mode & 0o777, 0o600);
    for (const directory of ["state", "state/fairlead"]) {
      assert.equal((await stat(user.path(directory))).mode & 0o777, 0o700);
    }
    await user.run(["store", "clear", "--yes"]);
  });

  test("in ~/.local/state when XDG_STATE_HOME is relative", { skip: process.platform !== "linux" }, async () => {
    await using user = await createUser();
    await user.run(["get", ...world.trust, world.url("https", "/hsts")], { env: { XDG_STATE_HOME: "relative" } });
    assert.ok((await stat(user.path(".local/state/fairlead/network.db"))).isFile());
  });

  test("nothing, and leaves no file, with --store memory:", async () => {
    await using user = await createUser();
    const args = ["get", ...world.trust, "--store", "memory:", "-v"];
    for (let round = 0; round < 2; round += 1) {
      const { exitCode, stderr } = await user.run([...args, world.url("https", "/hsts")]);
      assert.equal(exitCode, 0);
      assert.match(stderr, /full handshake/);
    }
    assert.deepEqual(await user.files(), []);
  });
});
