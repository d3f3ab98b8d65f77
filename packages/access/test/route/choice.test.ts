import { openNetworkAccessManager, transactionOf, type ProxyOption, type ProxyQuestion } from "@fairlead/access";
import { chooseRoutes, type ChooseRoutes } from "../../src/route/choose-routes.ts";
import { describeRoute } from "../../src/route/route.ts";
import { TargetCache } from "../../src/target.ts";
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { inspect } from "node:util";

/** A proxy that answers by itself, and tells what it was asked. */
async function startProxy(): Promise<{ readonly url: string; readonly server: Server; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.end(`from ${String((server.address() as AddressInfo).port)}`);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, server, asked };
}

const targets = new TargetCache();

async function routesOf(choose: ChooseRoutes | undefined, origin: string): Promise<readonly (readonly string[])[]> {
  assert.ok(choose);
  const routes = await choose({ target: targets.find(origin), path: "/a?b", partition: "", signal: undefined });
  return routes.map(describeRoute);
}

function choice(proxy: ProxyOption, environment: Readonly<Record<string, string>> = {}): ChooseRoutes | undefined {
  return chooseRoutes({ proxy }, { environment, openPac: () => assert.fail("no script is asked for") });
}

describe("the environment", () => {
  const environment = {
    http_proxy: "http://plain.example:3128",
    HTTPS_PROXY: "https://secure.example",
    NO_PROXY: "internal.example,10.0.0.0/8",
  };
  const table: [origin: string, route: string[]][] = [
    ["http://a.example", ["http://plain.example:3128"]],
    ["https://a.example", ["https://secure.example:443"]],
    ["https://www.internal.example", []],
    ["http://10.1.2.3", []],
    ["http://localhost:8080", []],
    ["http://[::1]", []],
  ];
  for (const [origin, route] of table) {
    test(`leads to ${origin} by ${route[0] ?? "no proxy"}`, async () => {
      const choose = choice("environment", environment);
      assert.deepEqual(await routesOf(choose, origin), [route]);
      // And the same when it is known already.
      assert.deepEqual(await routesOf(choose, origin), [route]);
    });
  }

  test("is asked once, when the manager opens", async () => {
    const changing: Record<string, string> = { all_proxy: "socks5://first.example" };
    const choose = choice("environment", changing);
    changing["all_proxy"] = "socks5://second.example";
    assert.deepEqual(await routesOf(choose, "http://a.example"), [["socks5://first.example:1080"]]);
  });

  test("that names no proxy is an error, and is not quoted", async () => {
    const choose = choice("environment", { https_proxy: "ftp://me:secret@proxy.example" });
    await assert.rejects(routesOf(choose, "https://a.example"), (error: Error) => {
      assert.match(error.message, /https_proxy/);
      assert.doesNotMatch(inspect(error), /secret/);
      return true;
    });
  });
});

describe("options that cannot be", () => {
  const wrong: ProxyOption[] = ["ftp://me:secret@proxy.example", "://secret", [], ["http://a.example", "secret://"]];
  for (const proxy of wrong) {
    test(`${inspect(proxy)} is refused before anything is sent, and not quoted`, async () => {
      await assert.rejects(openNetworkAccessManager({ proxy }), (error: Error) => {
        assert.equal((error as { code?: string }).code, "OPTION_INVALID");
        assert.doesNotMatch(inspect(error).split("\n    at ")[0] ?? "", /secret/);
        return true;
      });
    });
  }

  test("a proxy and a Unix socket, and a path that is none", async () => {
    for (const options of [{ proxy: "http://a.example", unix: "/run/a" }, { unix: "" }, { unix: "/run/\0a" }]) {
      await assert.rejects(openNetworkAccessManager(options), { code: "OPTION_INVALID" });
    }
  });
});

describe("a function", () => {
  test("gets the URL of each hop, and its word goes before the manager's", async () => {
    const [first, second] = [await startProxy(), await startProxy()];
    const questions: ProxyQuestion[] = [];
    await using manager = await openNetworkAccessManager({ proxy: first.url });
    const proxy = async (question: ProxyQuestion): Promise<string> => {
      questions.push(question);
      await Promise.resolve();
      return second.url;
    };
    const reply = await manager.request("http://a.example/path?query#fragment", { proxy });
    await reply.bytes();
    assert.deepEqual(
      questions.map(({ url }) => url),
      ["http://a.example/path?query"],
    );
    assert.deepEqual(second.asked, ["http://a.example/path?query"]);
    assert.deepEqual(transactionOf(reply)?.hops[0]?.route, [second.url]);
    const response = await manager.fetch("http://b.example/", { proxy });
    assert.match(await response.text(), /^from/);
    await (await manager.request("http://a.example/")).bytes();
    assert.deepEqual(first.asked, ["http://a.example/"]);
    for (const { server } of [first, second]) server.close();
  });

  test("that rejects ends its request alone, and one that never answers ends by the signal", async () => {
    await using manager = await openNetworkAccessManager();
    const reason = new Error("no way");
    await assert.rejects(
      manager.request("http://a.example/", { proxy: () => Promise.reject(reason) }),
      (error) => error === reason,
    );
    const controller = new AbortController();
    const asked = manager.request("http://a.example/", {
      proxy: () => {
        queueMicrotask(() => controller.abort(reason));
        return new Promise(() => undefined);
      },
      signal: controller.signal,
    });
    await assert.rejects(asked, (error) => error === reason);
  });
});

describe("a proxy that forwards", () => {
  test("is asked in absolute form, and two proxies never share a connection", async () => {
    const proxies = [await startProxy(), await startProxy()];
    await using manager = await openNetworkAccessManager();
    for (const { url, asked } of proxies) {
      for (let count = 0; count < 2; count += 1) {
        const reply = await manager.request("http://a.example:8080/x", { proxy: url });
        assert.equal(await reply.text(), `from ${new URL(url).port}`);
        assert.equal(transactionOf(reply)?.hops[0]?.reused, count === 1);
      }
      assert.deepEqual(asked, ["http://a.example:8080/x", "http://a.example:8080/x"]);
    }
    for (const { server } of proxies) server.close();
  });

  test("its name and password are seen nowhere", async () => {
    const { url, server } = await startProxy();
    await using manager = await openNetworkAccessManager({ proxy: url.replace("://", "://me:secret@") });
    const reply = await manager.request("http://a.example/");
    await reply.bytes();
    assert.doesNotMatch(JSON.stringify(transactionOf(reply)), /secret/);
    server.close();
    server.closeAllConnections();
    await once(server, "close");
    const error: unknown = await manager.request("http://b.example/").catch((error: unknown) => error);
    assert.doesNotMatch(inspect(error, { depth: 9, showHidden: true }), /secret/);
  });
});

describe("a Unix socket", () => {
  let folder: string;
  let path: string;
  let server: Server;
  const seen: IncomingMessage[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fairlead-unix-"));
    path = join(folder, "socket");
    server = createServer((request, response) => {
      seen.push(request);
      if (request.url === "/away") response.writeHead(302, { location: "http://elsewhere.example/there" }).end();
      else response.end(request.url);
    }).listen(path);
    await once(server, "listening");
  });
  after(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });

  test("is where all of a request goes that names it, redirects included", async () => {
    await using manager = await openNetworkAccessManager({ lookup: () => assert.fail("a name was looked up") });
    const reply = await manager.request("http://docker/away", { unix: path });
    assert.equal(await reply.text(), "/there");
    assert.deepEqual(
      seen.map(({ headers }) => headers.host),
      ["docker", "elsewhere.example"],
    );
    assert.deepEqual(
      transactionOf(reply)?.hops.map(({ route }) => route),
      [[`unix:${path}`], [`unix:${path}`]],
    );
    assert.equal(await (await manager.fetch("http://docker/v1", { unix: path })).text(), "/v1");
  });

  test("is one of the manager's as well, and a request may go elsewhere", async () => {
    const { url, server: proxy, asked } = await startProxy();
    await using manager = await openNetworkAccessManager({ unix: path });
    assert.equal(await (await manager.request("http://a.example/v1")).text(), "/v1");
    await (await manager.request("http://a.example/v2", { proxy: url })).bytes();
    assert.deepEqual(asked, ["http://a.example/v2"]);
    proxy.close();
  });

  test("where nobody listens is said so", async () => {
    await using manager = await openNetworkAccessManager();
    const nowhere = join(folder, "nobody");
    await assert.rejects(manager.request("http://docker/", { unix: nowhere }), {
      code: "SOCKET_NOT_FOUND",
      peer: nowhere,
    });
  });
});
