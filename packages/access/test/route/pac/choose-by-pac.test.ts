import { openNetworkAccessManager, transactionOf, type NetworkAccessManager } from "@fairlead/access";
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { networkFixture } from "../../network-fixture.ts";
import { unusedPort } from "@fairlead/conformance/peers";

const fixture = networkFixture();

interface Proxy extends AsyncDisposable {
  readonly place: string;
  readonly asked: string[];
}

/** A proxy that answers http by itself, and leads https on. */
async function startProxy(
  answer: RequestListener = (_request, response) => void response.end("by proxy"),
): Promise<Proxy> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    answer(request, response);
  });
  server.on("connect", (request, client) => {
    asked.push(request.url ?? "");
    const origin = connect(Number(request.url?.split(":")[1]), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      client.pipe(origin).pipe(client);
    });
    for (const side of [client, origin]) side.on("error", () => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    place: `127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

const script = (body: string): string => `function FindProxyForURL(url, host) { ${body} }`;

async function routeOf(manager: NetworkAccessManager, url: string): Promise<readonly string[] | undefined> {
  const reply = await manager.request(url);
  await reply.bytes();
  return transactionOf(reply)?.hops[0]?.route;
}

describe("the answer of a script", () => {
  test("is followed in its order; what leads nowhere is tried last for a while", async () => {
    const dead = `127.0.0.1:${String(await unusedPort())}`;
    await using proxy = await startProxy();
    const clock = { now: 1_000_000 };
    const pacScript = script(`return "PROXY ${dead}; PROXY ${proxy.place}; DIRECT";`);
    await using manager = await openNetworkAccessManager({ proxy: { pacScript }, now: () => clock.now });
    const tries = async (method: string, body?: string): Promise<readonly string[] | undefined> => {
      const reply = await manager.request("http://a.example/x", { method, ...(body !== undefined && { body }) });
      assert.equal(await reply.text(), "by proxy");
      return transactionOf(reply)?.hops[0]?.repeats;
    };
    assert.deepEqual(await tries("POST", "once"), ["route"]);
    assert.deepEqual(await tries("GET"), []);
    clock.now += 60_000;
    assert.deepEqual(await tries("GET"), ["route"]);
  });

  test("takes a stream along to the way that leads on", async () => {
    const dead = `127.0.0.1:${String(await unusedPort())}`;
    await using proxy = await startProxy((request, response) => void request.pipe(response));
    const pacScript = script(`return "SOCKS ${dead}; PROXY ${proxy.place}";`);
    await using manager = await openNetworkAccessManager({ proxy: { pacScript } });
    const body = (async function* (): AsyncGenerator<Uint8Array> {
      await Promise.resolve();
      yield Buffer.from("a stream");
    })();
    const reply = await manager.request("http://a.example/x", { method: "POST", body });
    assert.equal(await reply.text(), "a stream");
  });

  test("goes straight where it says so, or says nothing", async () => {
    for (const answer of ['"DIRECT"', '""', "null", "undefined"]) {
      await using manager = await fixture.open({ proxy: { pacScript: script(`return ${answer};`) } });
      assert.deepEqual(await routeOf(manager, `${fixture.network.http.origin}/echo`), []);
    }
  });

  test("that names no way is an error: nothing goes without the proxy that was meant", async () => {
    for (const answer of ["PROXY", "CARRIER pigeon:1", "PROXY me:secret@a.example:1"]) {
      await using manager = await fixture.open({ proxy: { pacScript: script(`return "${answer}";`) } });
      await assert.rejects(manager.request(`${fixture.network.http.origin}/echo`), { code: "PROXY_SCRIPT_FAILED" });
    }
  });

  test("a proxy that refuses is not gone around", async () => {
    await using refusing = await refuser();
    const pacScript = script(`return "PROXY ${refusing.place}; DIRECT";`);
    await using manager = await fixture.open({ proxy: { pacScript } });
    await assert.rejects(manager.request(`${fixture.network.https.origin}/echo`), {
      code: "PROXY_REFUSED",
      peer: refusing.place,
    });
  });

  test("of https the script sees the host alone, and of no URL the fragment", async () => {
    await using proxy = await startProxy();
    const place = (url: string): string => `url === "${url}" ? "PROXY ${proxy.place}" : "DIRECT"`;
    const { network } = fixture;
    const secure = `https://localhost:${String(network.https.port)}`;
    await using manager = await fixture.open({ proxy: { pacScript: script(`return ${place(`${secure}/`)};`) } });
    assert.deepEqual(await routeOf(manager, `${secure}/echo?secret#part`), [`http://${proxy.place}`]);
    const plain = "http://a.example/path?query";
    await using other = await fixture.open({ proxy: { pacScript: script(`return ${place(plain)};`) } });
    assert.deepEqual(await routeOf(other, `${plain}#part`), [`http://${proxy.place}`]);
  });

  test("may depend on addresses, which are the manager's to find", async () => {
    await using proxy = await startProxy();
    const asked: string[] = [];
    const pacScript = script(
      `return isInNet(host, "10.0.0.0", "255.0.0.0") && !isResolvable("no.example") ? "PROXY ${proxy.place}" : "DIRECT";`,
    );
    await using manager = await openNetworkAccessManager({
      proxy: { pacScript },
      resolve: (host) => {
        asked.push(host);
        return Promise.resolve({ addresses: host === "in.example" ? ["2001:db8::1", "10.1.2.3"] : [], ttlSeconds: 60 });
      },
    });
    assert.deepEqual(await routeOf(manager, "http://in.example/"), [`http://${proxy.place}`]);
    assert.deepEqual(asked, ["in.example", "no.example"]);
  });

  test("that asks for name after name is an error", async () => {
    const pacScript = script(`for (var i = 0; ; i++) if (!isResolvable("n" + i + ".example")) continue;`);
    await using manager = await openNetworkAccessManager({
      proxy: { pacScript },
      resolve: () => Promise.resolve({ addresses: [] }),
    });
    await assert.rejects(manager.request("http://a.example/"), {
      code: "PROXY_SCRIPT_FAILED",
      message: /too many names/,
    });
  });

  test("a script that failed is loaded anew for the next question", async () => {
    await using proxy = await startProxy();
    const pacScript = `var broken = false; ${script(
      `if (broken) return "PROXY ${proxy.place}"; if (host === "a.example") { broken = true; throw 0; } return "PROXY ${proxy.place}";`,
    )}`;
    await using manager = await openNetworkAccessManager({ proxy: { pacScript } });
    await assert.rejects(manager.request("http://a.example/"), { code: "PROXY_SCRIPT_FAILED" });
    await assert.rejects(manager.request("http://a.example/"), { code: "PROXY_SCRIPT_FAILED" });
    assert.deepEqual(await routeOf(manager, "http://b.example/"), [`http://${proxy.place}`]);
  });
});

describe("where a script comes from", () => {
  test("a server, straight, once for all, and again when it is out of date", async () => {
    await using proxy = await startProxy();
    let status = 200;
    const text = script(`return "PROXY ${proxy.place}";`);
    await using server = await startProxy((request, response) => {
      assert.equal(request.headers.cookie, undefined);
      response.writeHead(status, { "cache-control": "max-age=120" }).end(text);
    });
    const clock = { now: 1_000_000 };
    const pac = `http://${server.place}/proxy.pac`;
    await using manager = await openNetworkAccessManager({ proxy: { pac }, now: () => clock.now });
    const ask = (): Promise<readonly string[] | undefined> => routeOf(manager, "http://a.example/");
    await Promise.all([ask(), ask(), ask()]);
    assert.deepEqual(server.asked, ["/proxy.pac"]);
    clock.now += 119_999;
    await ask();
    assert.equal(server.asked.length, 1);
    clock.now += 1;
    status = 500;
    // The old one is better than none.
    assert.deepEqual(await ask(), [`http://${proxy.place}`]);
    assert.equal(server.asked.length, 2);
    assert.equal(proxy.asked.length, 5);
  });

  test("a server without it: requests fail, and it is asked again after a while", async () => {
    let status = 404;
    await using server = await startProxy((_request, response) => {
      response.writeHead(status).end(script('return "DIRECT";'));
    });
    const clock = { now: 1_000_000 };
    const pac = `http://${server.place}/proxy.pac`;
    await using manager = await fixture.open({ proxy: { pac }, now: () => clock.now });
    const ask = (): Promise<unknown> => routeOf(manager, `${fixture.network.http.origin}/echo`);
    await assert.rejects(ask(), { code: "PROXY_SCRIPT_FAILED" });
    status = 200;
    await assert.rejects(ask(), { code: "PROXY_SCRIPT_FAILED" });
    assert.equal(server.asked.length, 1);
    clock.now += 5_000;
    assert.deepEqual(await ask(), []);
  });

  test("no more of it is read than anybody writes", async () => {
    await using server = await startProxy((_request, response) => {
      const piece = Buffer.alloc(1 << 20, " ");
      const more = (): void => {
        if (response.write(piece)) setImmediate(more);
        else response.once("drain", more);
      };
      more();
    });
    await using manager = await openNetworkAccessManager({ proxy: { pac: `http://${server.place}/` } });
    await assert.rejects(manager.request("http://a.example/"), {
      code: "PROXY_SCRIPT_FAILED",
      message: /RESPONSE_LENGTH_EXCEEDED/,
    });
  });

  test("a file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "fairlead-pac-"));
    await using proxy = await startProxy();
    const path = join(folder, "proxy.pac");
    await writeFile(path, script(`return "PROXY ${proxy.place}";`));
    await using manager = await openNetworkAccessManager({ proxy: { pac: pathToFileURL(path) } });
    assert.deepEqual(await routeOf(manager, "http://a.example/"), [`http://${proxy.place}`]);
    await rm(folder, { recursive: true });
    await using other = await openNetworkAccessManager({ proxy: { pac: pathToFileURL(path) } });
    await assert.rejects(other.request("http://a.example/"), { code: "PROXY_SCRIPT_FAILED" });
  });

  test("nowhere else", async () => {
    for (const pac of ["ftp://a.example/", "data:text/plain,x", "nonsense", "http://me:secret@a.example/"]) {
      await assert.rejects(openNetworkAccessManager({ proxy: { pac } }), { code: "OPTION_INVALID" });
    }
  });
});

/** A proxy that opens no tunnels. */
async function refuser(): Promise<Proxy> {
  const server = createServer();
  server.on("connect", (_request, client) => void client.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    place: `127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    asked: [],
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
