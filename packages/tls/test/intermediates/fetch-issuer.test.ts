import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import { httpIssuerFetcher } from "../../src/index.ts";
import { isPublicAddress } from "../../src/intermediates/public-address.ts";

const never = new AbortController().signal;
const anywhere = { dangerous: { allowPrivateAddresses: true } };

describe("an issuer is fetched", () => {
  test("with nothing in the request that tells about anybody", async () => {
    const requests: IncomingMessage[] = [];
    await using server = await serve((request, response) => {
      requests.push(request);
      response.end("bytes");
    });
    const bytes = await httpIssuerFetcher(anywhere)(server.url("/a.cer?b"), never);
    assert.equal(Buffer.from(bytes).toString(), "bytes");
    const [request] = requests;
    assert.ok(request);
    assert.deepEqual([request.method, request.url], ["GET", "/a.cer?b"]);
    assert.deepEqual(Object.keys(request.headers).sort(), ["accept", "accept-encoding", "connection", "host"]);
    assert.equal(request.headers.host, server.url("/").host);
  });

  test("up to 64 KiB", async () => {
    await using server = await serve((request, response) => {
      response.end(Buffer.alloc(Number(request.url?.slice(1))));
    });
    const fetchIssuer = httpIssuerFetcher(anywhere);
    assert.equal((await fetchIssuer(server.url("/65536"), never)).length, 65_536);
    await assert.rejects(fetchIssuer(server.url("/65537"), never), /larger than 64 KiB/);
  });

  test("over redirects to http alone, and not without end", async () => {
    await using server = await serve((request, response) => {
      const target = {
        "/one": "/end",
        "/file": "file:///etc/passwd",
        "/https": "https://a.test/",
        "/user": "http://u:p@a.test/",
      };
      const location = target[request.url as keyof typeof target] as string | undefined;
      if (request.url === "/end") response.end("end");
      else if (request.url === "/nowhere") response.writeHead(302).end();
      else response.writeHead(302, { location: location ?? "/loop" }).end();
    });
    const fetchIssuer = httpIssuerFetcher(anywhere);
    assert.equal(Buffer.from(await fetchIssuer(server.url("/one"), never)).toString(), "end");
    for (const path of ["/file", "/https", "/user"]) {
      await assert.rejects(fetchIssuer(server.url(path), never), /no plain http URL/);
    }
    await assert.rejects(fetchIssuer(server.url("/nowhere"), never), /leads nowhere/);
    await assert.rejects(fetchIssuer(server.url("/loop"), never), /too many redirects/);
  });

  test("whole and with status 200, or not at all", async () => {
    await using server = await serve((request, response) => {
      if (request.url === "/404") response.writeHead(404).end("not found");
      else if (request.url === "/cut")
        response.writeHead(200, { "content-length": 10 }).write("cut", () => response.destroy());
      else response.writeHead(200).write("and then nothing more");
    });
    const fetchIssuer = httpIssuerFetcher({ ...anywhere, timeoutMilliseconds: 200 });
    await assert.rejects(fetchIssuer(server.url("/404"), never), /status is 404/);
    await assert.rejects(fetchIssuer(server.url("/cut"), never));
    await assert.rejects(fetchIssuer(server.url("/slow"), never));
    const controller = new AbortController();
    const aborted = httpIssuerFetcher(anywhere)(server.url("/slow"), controller.signal);
    controller.abort();
    await assert.rejects(aborted);
  });

  test("from public addresses and port 80 only: the URL is anybody's choice", async () => {
    let connections = 0;
    await using server = await serve((_, response) => {
      connections++;
      response.end();
    });
    const asked: string[] = [];
    const fetchIssuer = httpIssuerFetcher({
      resolve: async (host) => {
        asked.push(host);
        return Promise.resolve(
          host === "mixed.test" ? ["93.184.215.14", "127.0.0.1"] : host === "none.test" ? [] : ["127.0.0.1"],
        );
      },
    });
    await assert.rejects(fetchIssuer(server.url("/"), never), /port is not 80/);
    for (const host of [
      "127.0.0.1",
      "[::1]",
      "[::ffff:127.0.0.1]",
      "10.0.0.1",
      "169.254.169.254",
      "0x7f.1",
      "2130706433",
    ]) {
      await assert.rejects(fetchIssuer(new URL(`http://${host}/`), never), /no public address/, host);
    }
    for (const host of ["inside.test", "mixed.test", "none.test", "localhost"]) {
      await assert.rejects(fetchIssuer(new URL(`http://${host}/`), never), /no public address/, host);
    }
    assert.deepEqual(asked, ["inside.test", "mixed.test", "none.test", "localhost"]);
    assert.equal(connections, 0);
  });

  test("from the address that was looked at: the name is not looked up again", async () => {
    await using server = await serve((request, response) => {
      response.end(request.headers.host);
    });
    let lookups = 0;
    const fetchIssuer = httpIssuerFetcher({
      ...anywhere,
      resolve: async () => {
        lookups++;
        return Promise.resolve(["127.0.0.1"]);
      },
    });
    const url = new URL(server.url("/"));
    url.hostname = "does-not-exist.test";
    assert.equal(Buffer.from(await fetchIssuer(url, never)).toString(), url.host);
    assert.equal(lookups, 1);
  });

  test("not while a name lookup is waited for in vain", async () => {
    const fetchIssuer = httpIssuerFetcher({ resolve: () => new Promise(() => undefined), timeoutMilliseconds: 50 });
    await assert.rejects(fetchIssuer(new URL("http://a.test/"), never), { name: "TimeoutError" });
  });
});

test("public addresses are those that no registry set aside", () => {
  for (const address of ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "2a00:1450:4001::1"]) {
    assert.equal(isPublicAddress(address), true, address);
  }
  for (const address of [
    ...[
      "0.0.0.0",
      "10.1.2.3",
      "100.64.0.1",
      "127.0.0.1",
      "169.254.169.254",
      "172.16.0.1",
      "172.31.255.255",
      "192.0.0.8",
    ],
    ...["192.168.1.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "255.255.255.255"],
    ...["::", "::1", "::ffff:8.8.8.8", "64:ff9b::a00:1", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1"],
    ...["2001::1", "2002:a00:1::", "3fff::1"],
  ]) {
    assert.equal(isPublicAddress(address), false, address);
  }
});

async function serve(listener: RequestListener): Promise<AsyncDisposable & { readonly url: (path: string) => URL }> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: (path) => new URL(path, `http://127.0.0.1:${String(port)}`),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
