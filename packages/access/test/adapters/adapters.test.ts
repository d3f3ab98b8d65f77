import { codedCauseOf, transactionOf, type NetworkAccessManagerOptions, type Transaction } from "@fairlead/access";
import type { ServiceName } from "@fairlead/testserver";
import { mintCertificate, type MintedIdentity } from "@fairlead/testserver/authority";
import { createHash, X509Certificate } from "node:crypto";
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { after, before, describe, test } from "node:test";
import { basicListener, serve } from "../authentication/authenticating-server.ts";
import { networkFixture } from "../network-fixture.ts";
import { startTinyproxy, type Program } from "@fairlead/conformance/peers";
import { closed, scriptedServer, spoken } from "../scripted-server.ts";
import { adapters, type Answered, type Asked } from "./libraries.ts";

const fixture = networkFixture();
const { open, either } = fixture;
const LARGE = 16 * 1024 * 1024;

let identity: MintedIdentity;
let serverIdentity: MintedIdentity;
let proxy: Program;
const at = (listener: ServiceName, path: string): string =>
  `https://localhost:${String(fixture.network.service(listener).port)}${path}`;
const lastRequest = (): (typeof fixture.network.requests)[number] =>
  fixture.network.requests.at(-1) ?? assert.fail("nothing was asked");

async function textOf({ body }: Answered): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

describe("by every adapter", () => {
  before(async () => {
    const issuer = fixture.network.ca;
    identity = await mintCertificate({ issuer, names: ["alice"], usage: "client" });
    serverIdentity = await mintCertificate({ issuer, names: ["127.0.0.1"] });
    proxy = await startTinyproxy({ asks: false });
  });
  after(async () => {
    await proxy[Symbol.asyncDispose]();
  });

  for (const { name, turn, follows, seesUpgrades, signs = false } of adapters) {
    /** Turns the library to a manager, and asks. */
    const turned = async (
      options: NetworkAccessManagerOptions,
      use: (ask: (asked: Asked) => Promise<Answered>) => Promise<void>,
    ): Promise<void> => {
      await using manager = await open(options);
      using library = turn(manager);
      await use((asked) => library.ask(asked));
    };
    const failure = async (asking: Promise<Answered>): Promise<string | undefined> => {
      try {
        await textOf(await asking);
      } catch (error) {
        return (codedCauseOf(error) ?? (error as { code?: string })).code;
      }
      return undefined;
    };

    describe(name, () => {
      test("redirects that the policy refuses are refused, all others lead on", async () => {
        await turned({}, async (ask) => {
          assert.equal(await failure(ask({ url: at("https", "/redirect/302/http") })), "REDIRECT_LESS_SAFE");
          assert.equal(lastRequest().target, "/redirect/302/http", "nobody has followed it");
          const allowed = await ask({ url: at("https", "/redirect/302/same-origin?path=/json") });
          assert.equal(allowed.status, follows ? 200 : 302);
          await textOf(allowed);
        });
        await turned({ redirect: { type: "same-origin" } }, async (ask) => {
          assert.equal(await failure(ask({ url: at("https", "/redirect/302/cross-site") })), "REDIRECT_CROSS_ORIGIN");
        });
      });

      test("redirects are asked about where that is the policy", async () => {
        const asked: string[] = [];
        const onRedirect = ({ to }: { readonly to: URL }): boolean => {
          asked.push(to.pathname);
          return to.pathname === "/json";
        };
        await turned({ redirect: { type: "ask" }, onRedirect }, async (ask) => {
          const accepted = await ask({ url: at("https", "/redirect/302/same-origin?path=/json") });
          assert.equal(accepted.status, follows ? 200 : 302);
          await textOf(accepted);
          assert.equal(await failure(ask({ url: at("https", "/redirect/302/same-origin") })), "REDIRECT_REFUSED");
        });
        assert.deepEqual(asked, ["/json", "/echo"]);
      });

      test("a known HSTS host is asked by https, whatever the URL says", async () => {
        await using manager = await open();
        await (await manager.request(`${either("https")}/hsts?value=max-age%3D1000`)).bytes();
        using library = turn(manager);
        const { status, body, telling } = await library.ask({ url: `${either("http")}/json` });
        assert.equal(status, seesUpgrades ? 307 : 200);
        await textOf({ status, body, telling });
        if (!seesUpgrades) assert.ok(lastRequest().tls, "by https");
        assert.ok(!fixture.network.requests.some(({ target, tls }) => target === "/json?plain" && tls === undefined));
        if (seesUpgrades) return;
        const sent = await library.ask({ url: `${either("http")}/echo`, method: "PUT", body: Buffer.from("kept") });
        assert.equal(sent.status, 200);
        await textOf(sent);
        assert.deepEqual([lastRequest().method, lastRequest().body.sizeBytes], ["PUT", 4]);
      });

      test("cookies are kept and sent", async () => {
        await turned({}, async (ask) => {
          await textOf(await ask({ url: at("https", "/cookies/set?flavour=oat") }));
          await textOf(await ask({ url: at("https", "/cookies") }));
          assert.equal(lastRequest().headers["cookie"], "flavour=oat");
        });
      });

      test("a proxy is gone through, and loopback's exception is none of the library's", async () => {
        await turned({ proxy: `http://127.0.0.1:${String(proxy.port)}` }, async (ask) => {
          const { port } = fixture.network.http;
          const plain = await ask({ url: `http://127.0.0.1:${String(port)}/json` });
          assert.equal(plain.status, 200);
          await textOf(plain);
          assert.match(String(lastRequest().headers["via"]), /tinyproxy/);
          const secure = await ask({ url: at("https", "/json") });
          assert.equal(secure.status, 200);
          await textOf(secure);
        });
        await turned({ proxy: "http://127.0.0.1:1" }, async (ask) => {
          assert.equal(await failure(ask({ url: at("https", "/json") })), "PROXY_UNREACHABLE");
        });
      });

      test("a server that wants a client certificate is a question, and the server is verified", async () => {
        const onClientCertificate = () => ({ type: "identity", identity }) as const;
        await turned({ onClientCertificate }, async (ask) => {
          const answered = await ask({ url: at("https-client-certificate", "/json") });
          assert.equal(answered.status, 200);
          await textOf(answered);
          assert.equal(lastRequest().tls?.clientCertificate, new X509Certificate(identity.leaf).fingerprint256);
          assert.equal(await failure(ask({ url: at("https-untrusted-root", "/json") })), "CERTIFICATE_ISSUER_UNKNOWN");
        });
      });

      test("a server that wants a password is a question, unless the library has told who it is", async () => {
        const contents: string[] = [];
        await using server = await serve(
          basicListener(
            () => ({ realm: "r", user: "ada:lovelace" }),
            (content) => contents.push(content),
          ),
          serverIdentity,
        );
        const onAuthenticate = () => ({ type: "password", username: "ada", password: "lovelace" }) as const;
        await turned({ onAuthenticate }, async (ask) => {
          const answered = await ask({ url: `${server.origin}/`, method: "PUT", body: Buffer.from("mine") });
          assert.equal(answered.status, signs ? 401 : 200);
          await textOf(answered);
        });
        assert.deepEqual(contents.slice(-1), ["mine"]);
        const told = server.authorizations().at(-1);
        if (signs) assert.match(String(told), /^AWS4-HMAC-SHA256 /);
        else assert.equal(told, `Basic ${Buffer.from("ada:lovelace").toString("base64")}`);
      });

      test("16 MiB come, and go, piece by piece", async () => {
        await turned({}, async (ask) => {
          const { body } = await ask({ url: at("https", `/bytes/${String(LARGE)}`) });
          let received = 0;
          for await (const piece of body) {
            assert.ok(Buffer.from(piece).equals(patternBytes(piece.length, received % 251)));
            received += piece.length;
          }
          assert.equal(received, LARGE);
          const sent = await ask({
            url: at("https", "/json"),
            method: "PUT",
            body: { length: LARGE, open: () => Readable.from(pieces(LARGE), { objectMode: false }) },
          });
          assert.equal(sent.status, 200);
          await textOf(sent);
          const sha256 = createHash("sha256").update(patternBytes(LARGE)).digest("hex");
          assert.deepEqual(lastRequest().body, { sizeBytes: LARGE, sha256 });
        });
      });

      test("who is aborted ends on the wire, too", async () => {
        await using server = await scriptedServer((socket) => {
          socket.on("data", () => undefined);
        });
        await turned({}, async (ask) => {
          const controller = new AbortController();
          const asking = ask({ url: `${server.origin}/`, signal: controller.signal });
          const refused = assert.rejects(asking);
          const socket = await server.connection(1);
          await spoken(socket);
          controller.abort();
          await refused;
          await closed(socket);
        });
      });

      test("one connection serves request after request", async () => {
        await turned({}, async (ask) => {
          const { accepted } = fixture.network.connections;
          for (let index = 0; index < 5; index += 1) await textOf(await ask({ url: at("https", "/json") }));
          assert.equal(fixture.network.connections.accepted - accepted, 1);
        });
      });

      test("errors keep their code, before a response and within its body", async () => {
        await turned({}, async (ask) => {
          assert.equal(await failure(ask({ url: "https://nowhere.invalid/" })), "NAME_NOT_FOUND");
          assert.equal(await failure(ask({ url: at("https", "/cut/before-response") })), "RESPONSE_MISSING");
          assert.equal(await failure(ask({ url: at("https", "/cut/body?after=10&of=100") })), "RESPONSE_TRUNCATED");
        });
      });

      test("what happened is told by a transaction, to observers and where the library's own result leads to it", async () => {
        await using manager = await open();
        const told: Transaction[] = [];
        using observing = manager.observe({
          requestStarted: ({ transaction }) => {
            told.push(transaction);
            return undefined;
          },
        });
        using library = turn(manager);
        const answered = await library.ask({ url: at("https", "/json") });
        await textOf(answered);
        const [transaction] = told;
        assert.deepEqual(
          transaction?.hops.map(({ status, reason, tls }) => [status, reason, tls?.authorized]),
          [[200, "network", true]],
        );
        assert.equal(transaction.hops[0]?.url, at("https", "/json"));
        if (answered.telling !== undefined) assert.equal(transactionOf(answered.telling), transaction);
        assert.ok(observing);
      });
    });
  }
});

const PATTERN = Buffer.from(Array.from({ length: 251 }, (_, index) => index));

/** What the test network sends of any size: byte `i` is `i % 251`. */
function patternBytes(size: number, from = 0): Buffer {
  const skipped = from % PATTERN.length;
  return Buffer.alloc(size + skipped, PATTERN).subarray(skipped);
}

function* pieces(size: number): Iterable<Buffer> {
  const step = 251 * 256;
  for (let from = 0; from < size; from += step) yield patternBytes(Math.min(step, size - from));
}
