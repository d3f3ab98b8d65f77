import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { runLibcoapClient, skipWithoutLibcoap, startLibcoapServer } from "@fairlead/conformance/peers";
import { coapClient, coapServer } from "@fairlead/iot/coap";
import { linkAttribute } from "@fairlead/iot/coap/protocol";
import { deviceResources, largeText } from "./device.ts";

const skip = skipWithoutLibcoap();

describe("our client, asking libcoap's server over UDP", { skip }, () => {
  test("gets, puts, deletes, and is told what is not there", async () => {
    await using server = await startLibcoapServer("gnutls", ["-d", "10"]);
    await using client = coapClient();
    const at = (path: string): string => `coap://127.0.0.1:${String(server.port)}/${path}`;
    const root = await client.get(at(""));
    assert.equal(root.code, "2.05");
    assert.match(root.text(), /libcoap/);
    assert.equal((await client.get(at("nowhere"))).code, "4.04");
    assert.equal((await client.put(at("new"), { body: "first", contentFormat: 0 })).code, "2.01");
    assert.equal((await client.put(at("new"), { body: "second", contentFormat: 0 })).code, "2.04");
    assert.equal((await client.get(at("new"))).text(), "second");
    assert.equal((await client.delete(at("new"))).code, "2.02");
    assert.equal((await client.get(at("new"))).code, "4.04");
    await client.ping(at(""));
  });

  test("sends a body in blocks, and gets it in blocks", async () => {
    await using server = await startLibcoapServer("openssl");
    await using client = coapClient();
    const url = `coap://127.0.0.1:${String(server.port)}/example_data`;
    const up: number[] = [];
    const put = await client.put(url, {
      body: largeText,
      contentFormat: 0,
      onProgress: ({ transferredBytes }) => up.push(transferredBytes),
    });
    assert.match(put.code, /^2\.0[14]$/);
    assert.deepEqual(up, [1_024, 2_048, 3_072, 4_096, largeText.length]);
    assert.equal((await client.get(url)).text(), largeText);
    const { reply, body } = await client.download(url, { blockBytes: 256 });
    assert(reply.ok);
    const pieces: Uint8Array[] = [];
    for await (const piece of body) pieces.push(piece);
    assert.equal(pieces.length, Math.ceil(largeText.length / 256));
    assert.equal(Buffer.concat(pieces).toString(), largeText);
    assert.match((await client.upload(url, Buffer.from("short again"), { contentFormat: 0 })).code, /^2\.0[14]$/);
    assert.equal((await client.get(url)).text(), "short again");
  });

  test("waits for a separate response (RFC 7252 section 5.2.2)", async () => {
    await using server = await startLibcoapServer("gnutls");
    await using client = coapClient();
    const reply = await client.get(`coap://127.0.0.1:${String(server.port)}/async?1`);
    assert.deepEqual([reply.code, reply.text()], ["2.05", "done"]);
  });

  test("observes: each state comes, until it leaves (RFC 7641)", async () => {
    await using server = await startLibcoapServer("openssl");
    await using client = coapClient();
    const url = `coap://127.0.0.1:${String(server.port)}/example_data`;
    await client.put(url, { body: "0", contentFormat: 0 });
    const heard: string[] = [];
    for await (const state of client.observe(url)) {
      heard.push(state.text());
      if (heard.length === 3) break;
      await client.put(url, { body: String(heard.length), contentFormat: 0 });
    }
    assert.deepEqual(heard, ["0", "1", "2"]);
  });

  test("discovers what it has (RFC 6690)", async () => {
    await using server = await startLibcoapServer("gnutls");
    await using client = coapClient();
    const base = `coap://127.0.0.1:${String(server.port)}`;
    const found = await client.discover(base);
    const time = found.find(({ url }) => url === `${base}/time`);
    assert.deepEqual(time && [linkAttribute(time, "rt"), linkAttribute(time, "obs")], ["ticks", ""]);
  });
});

describe("libcoap's client, asking our server over UDP", { skip }, () => {
  const asks: readonly (readonly [what: string, args: readonly string[], path: string, printed: string])[] = [
    ["gets", [], "hello", "hello\n"],
    ["gets by a non-confirmable request", ["-N"], "hello", "hello\n"],
    ["is told what is not there", [], "nowhere", "4.04 Not Found\n"],
    ["is told what cannot be done", ["-m", "post", "-e", "x"], "hello", "4.05 Method Not Allowed\n"],
    ["is told what option is not understood", ["-O", "65001,x"], "hello", "4.02 option 65001\n"],
    ["posts", ["-m", "post", "-e", "ping"], "echo", "ping\n"],
    ["fetches (RFC 8132)", ["-m", "fetch", "-e", "part"], "echo", "part\n"],
    ["patches (RFC 8132)", ["-m", "ipatch", "-e", "change"], "echo", "change\n"],
    ["gets in blocks", [], "large", `${largeText}\n`],
    ["gets in blocks of its choice", ["-b", "64"], "large", `${largeText}\n`],
    ["waits for a separate response", [], "slow", "at last\n"],
    [
      "reads what there is",
      [],
      ".well-known/core",
      '</hello>;rt="greeting";title="Says hello",</kept>,</echo>,</large>,</slow>,</count>;obs\n',
    ],
  ];
  for (const [index, [what, args, path, printed]] of asks.entries()) {
    test(what, async () => {
      await using server = coapServer({ resources: deviceResources() });
      const { url } = await server.listen({ port: 0 });
      const build = index % 2 === 0 ? "gnutls" : "openssl";
      assert.equal(await runLibcoapClient(build, [...args, `${url}/${path}`]), printed);
    });
  }

  test("puts in blocks, and gets what it put", async () => {
    const folder = await mkdtemp(join(tmpdir(), "fairlead-coap-"));
    try {
      const [sent, got] = [join(folder, "sent"), join(folder, "got")];
      await writeFile(sent, largeText);
      await using server = coapServer({ resources: deviceResources() });
      const { url } = await server.listen({ port: 0 });
      await runLibcoapClient("gnutls", ["-m", "put", "-f", sent, "-b", "512", `${url}/kept`]);
      await runLibcoapClient("openssl", ["-o", got, `${url}/kept`]);
      assert.equal(await readFile(got, "utf8"), largeText);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("shows that it is where it says before it gets much, where it is a stranger (RFC 9175)", async () => {
    await using server = coapServer({ resources: deviceResources() });
    const { port } = await server.listen({ host: "0.0.0.0", port: 0 });
    const printed = await runLibcoapClient("gnutls", ["-v", "7", `coap://127.0.0.1:${String(port)}/large`]);
    assert.match(printed, /c:4\.01 .* Echo:/);
    assert(printed.includes("line 0499"));
  });

  test("observes: each state comes, in order (RFC 7641)", async () => {
    await using server = coapServer({ resources: deviceResources() });
    const { url } = await server.listen({ port: 0 });
    // It writes a line break of its own when it ends.
    assert.equal(await runLibcoapClient("gnutls", ["-s", "1", "-w", `${url}/count`]), "0\n1\n2\n3\n\n");
  });
});
