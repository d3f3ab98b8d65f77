import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { mintCertificate } from "@fairlead/testserver/authority";
import type { TestNetwork } from "@fairlead/testserver";
import { Questions } from "../../src/index.ts";
import type {
  MemoryPage,
  ShownQuestion,
  ShownTestNetwork,
  ShownTransfer,
  TransactionDetails,
} from "../../src/protocol/index.ts";
import { type ConsoleWorld, type EventLog, openConsoleWorld, startTestNetwork } from "../console-world.ts";

describe("the console's server", { timeout: 60_000 }, () => {
  let network: TestNetwork;
  let world: ConsoleWorld;
  let events: EventLog;
  let folder: string;
  before(async () => {
    network = await startTestNetwork();
    folder = await mkdtemp(join(tmpdir(), "fairlead-console-test-"));
    const identity = await mintCertificate({ issuer: network.ca, names: ["client.test"], usage: "client" });
    const questions = new Questions({ absenceMilliseconds: 1, identities: [identity] });
    world = await openConsoleWorld(network, { downloadFolder: folder, questions });
    events = world.page.follow();
    await events.find("hello");
  });
  after(async () => {
    events[Symbol.dispose]();
    await world[Symbol.asyncDispose]();
    await network.close();
    await rm(folder, { recursive: true });
  });

  async function request(url: string, more: object = {}): Promise<TransactionDetails> {
    const { id } = await world.page.json<{ readonly id: number }>("POST", "fetch", { url, ...more });
    await events.ended(id);
    return world.page.json("GET", `transactions/${String(id)}`);
  }

  test("tells all about a request: its hops, fields, bodies, connection and certificates", async () => {
    const { hops, state, status, security } = await request(`${world.origin}/redirect/302?to=/bytes/2000`);
    assert.deepEqual([state, status, security, hops.length], ["done", 200, "verified", 2]);
    const [redirect, answer] = hops;
    assert.equal(redirect?.reason, "redirect");
    assert.equal(redirect.location, "/bytes/2000");
    assert.equal(answer?.responseBody?.keptBytes, 2_000);
    assert(answer.tls !== undefined && answer.tls.chain.length > 0 && answer.tls.group !== undefined);
    const [leaf] = await world.page.json<readonly { readonly subject: string }[]>(
      "POST",
      "certificates",
      redirect.tls?.chain.join(""),
    );
    assert.equal(leaf?.subject, "CN=localhost");
  });

  test("tells what a stapled response says, of connections and of certificates that it made refused", async () => {
    const good = await request(`${network.service("https-stapled-good").origin}/`);
    const staple = good.hops[0]?.tls?.staple;
    assert(staple?.type === "good" && Date.parse(staple.thisUpdate) < Date.parse(staple.nextUpdate));
    const unknown = await request(`${network.service("https-stapled-unknown").origin}/`);
    assert.deepEqual(unknown.hops[0]?.tls?.staple, { type: "unknown" });

    const url = `${network.service("https-stapled-revoked").origin}/`;
    const { id } = await world.page.json<{ readonly id: number }>("POST", "fetch", { url });
    const { question } = await events.find("question", (event) => isRefusedFor(event.question, "REVOKED"));
    await world.page.ask("POST", `questions/${String(question.id)}`, { type: "refuse" });
    await events.ended(id);
    assert(question.type === "certificate-error" && question.staple?.type === "revoked");
    assert(Date.parse(question.staple.revokedAt ?? "") < Date.now());
    const refused = await world.page.json<TransactionDetails>("GET", `transactions/${String(id)}`);
    assert.deepEqual(refused.hops[0]?.refusedStaple, question.staple);
  });

  test("gives what somebody else's server has sent as a file that nothing runs in", async () => {
    const { id } = await request(`${world.origin}/bytes/10`);
    const response = await world.page.ask("GET", `transactions/${String(id)}/hops/0/response-body`);
    assert.equal((await response.bytes()).length, 10);
    assert.equal(response.headers.get("content-type"), "application/octet-stream");
    assert.match(response.headers.get("content-disposition") ?? "", /^attachment/);
    assert.match(response.headers.get("content-security-policy") ?? "", /sandbox/);
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
  });

  test("shows no secrets: neither in fields, nor in URLs, nor in an archive", async () => {
    const { id, url } = await request(`${world.origin}/echo?access_token=s3cret`, {
      fields: [
        ["authorization", "Bearer s3cret"],
        ["cookie", "sid=s3cret"],
      ],
    });
    assert.match(url, /access_token=REDACTED/);
    assert.doesNotMatch(await (await world.page.ask("GET", `transactions/${String(id)}`)).text(), /s3cret/);
    assert.doesNotMatch(await (await world.page.ask("GET", "har")).text(), /s3cret/);
    assert.doesNotMatch(JSON.stringify(events.events), /s3cret/);
  });

  test("makes a request once more by its number, with the secrets that are not shown", async () => {
    const secret = "api_key=s3cret";
    const first = await request(`${world.origin}/echo?${secret}`, { fields: [["x-once", "more"]] });
    const again = await request("", { url: undefined, repeat: first.id });
    assert.equal(again.url, first.url);
    const body = await world.page.ask("GET", `transactions/${String(again.id)}/hops/0/response-body`);
    const echo = await body.text();
    assert(echo.includes(secret) && echo.includes("x-once"), echo);
    for (const repeat of [again.id + 100, -1, "1", 1.5]) {
      const refused = await world.page.ask("POST", "fetch", { repeat });
      assert.equal(refused.status, 400, String(repeat));
    }
  });

  test("exports an archive, with bodies where that is asked for", async () => {
    await request(`${world.origin}/status/200`);
    const { log } = await world.page.json<{ readonly log: { readonly version: string; readonly entries: unknown[] } }>(
      "GET",
      "har",
    );
    assert.equal(log.version, "1.2");
    assert(log.entries.length > 0);
    assert.doesNotMatch(JSON.stringify(log), /"text":/);
    assert.match(await (await world.page.ask("GET", "har?bodies")).text(), /"text":/);
  });

  test("asks the page about a certificate that is refused, tells what was wrong, and lets it in when a person does", async () => {
    const url = `${network.service("https-expired").origin}/`;
    const { id } = await world.page.json<{ readonly id: number }>("POST", "fetch", { url });
    const { question } = await events.find("question", (event) => isRefusedFor(event.question, "EXPIRED"));
    assert(question.type === "certificate-error");
    await world.page.ask("POST", `questions/${String(question.id)}`, { type: "refuse" });
    await events.ended(id);
    const refused = await world.page.json<TransactionDetails>("GET", `transactions/${String(id)}`);
    assert.equal(refused.state, "failed");
    assert.deepEqual(refused.hops[0]?.problems, question.problems);
    assert.deepEqual(refused.hops[0].refusedChain, question.chain);
    assert.deepEqual([question.staple, refused.hops[0].refusedStaple], [{ type: "none" }, { type: "none" }]);

    const again = await world.page.json<{ readonly id: number }>("POST", "fetch", { url });
    const second = await events.find("question", (event) => event.question.id > question.id);
    const answer = { type: "accept", remember: true };
    assert.equal((await world.page.ask("POST", `questions/${String(second.question.id)}`, answer)).status, 204);
    await events.ended(again.id);
    const accepted = await world.page.json<TransactionDetails>("GET", `transactions/${String(again.id)}`);
    assert.deepEqual([accepted.state, accepted.security], ["done", "excepted"]);
    const { things } = await world.page.json<MemoryPage>("GET", "memory/exceptions");
    const [exception, more] = things;
    assert(exception !== undefined && more === undefined);
    assert.deepEqual(
      exception.facts.filter(([name]) => name === "problems"),
      [["problems", "EXPIRED"]],
    );
    const left = Date.parse(exception.expires ?? "") - Date.now();
    assert(question.rememberMilliseconds - 60_000 < left && left <= question.rememberMilliseconds, String(left));
  });

  test("asks for a client certificate, and for a name and a password, and refuses an answer to another question", async () => {
    const wanting = `${network.service("https-client-certificate").origin}/`;
    const first = await world.page.json<{ readonly id: number }>("POST", "fetch", { url: wanting });
    const { question } = await events.find("question", (event) => event.question.type === "client-certificate");
    assert(question.type === "client-certificate");
    const path = `questions/${String(question.id)}`;
    assert.equal((await world.page.ask("POST", path, { type: "accept", remember: false })).status, 400);
    const fingerprint = question.identities[0]?.fingerprint;
    assert.equal((await world.page.ask("POST", path, { type: "identity", fingerprint, remember: false })).status, 204);
    await events.ended(first.id);
    assert.equal((await world.page.json<TransactionDetails>("GET", `transactions/${String(first.id)}`)).state, "done");

    const asking = await world.page.json<{ readonly id: number }>("POST", "fetch", {
      url: `${world.origin}/auth/digest/user/passwd`,
    });
    const credentials = await events.find("question", (event) => event.question.type === "credentials");
    await world.page.ask("POST", `questions/${String(credentials.question.id)}`, {
      type: "credentials",
      username: "user",
      password: "passwd",
      remember: "memory",
    });
    await events.ended(asking.id);
    const answered = await world.page.json<TransactionDetails>("GET", `transactions/${String(asking.id)}`);
    assert.equal(answered.status, 200);
    const sent = answered.hops.at(-1)?.requestFields.find(([name]) => name.toLowerCase() === "authorization");
    assert.equal(sent?.[1], "Digest REDACTED");
    assert.equal((await world.page.ask("POST", path, { type: "refuse" })).status, 404);
  });

  test("asks whether to follow a redirect, and does what a person says, or nothing where nobody waits any more", async () => {
    await using asking = await openConsoleWorld(network, { manager: { redirect: { type: "ask" } } });
    using told = asking.page.follow();
    const from = `${asking.origin}/redirect/307?to=${encodeURIComponent("/status/204?access_token=s3cret")}`;
    /** Makes the request, and waits for its question. */
    const ask = async (after: number) => {
      const { id } = await asking.page.json<{ readonly id: number }>("POST", "fetch", { url: from });
      const { question } = await told.find("question", (event) => event.question.id > after);
      assert(question.type === "redirect");
      return { id, question, path: `questions/${String(question.id)}` };
    };
    const details = async (id: number) => {
      await told.ended(id);
      return asking.page.json<TransactionDetails>("GET", `transactions/${String(id)}`);
    };

    const accepted = await ask(0);
    const { status, isLessSafe, to } = accepted.question;
    assert.deepEqual([status, isLessSafe], [307, false]);
    assert.equal(to, `${asking.origin}/status/204?access_token=REDACTED`);
    const other = { type: "credentials", username: "a", password: "b", remember: "once" };
    assert.equal((await asking.page.ask("POST", accepted.path, other)).status, 400);
    const accept = { type: "accept", remember: false };
    assert.equal((await asking.page.ask("POST", accepted.path, accept)).status, 204);
    const followed = await details(accepted.id);
    assert.deepEqual([followed.state, followed.status, followed.hopCount], ["done", 204, 2]);

    const refused = await ask(accepted.question.id);
    assert.equal((await asking.page.ask("POST", refused.path, { type: "refuse" })).status, 204);
    const stopped = await details(refused.id);
    assert.deepEqual([stopped.state, stopped.error, stopped.hopCount], ["failed", "REDIRECT_REFUSED", 1]);

    const left = await ask(refused.question.id);
    assert.equal((await asking.page.ask("DELETE", `transactions/${String(left.id)}`)).status, 204);
    await told.find("question-gone", ({ id }) => id === left.question.id);
    assert.equal((await details(left.id)).hopCount, 1);
    assert.equal((await asking.page.ask("POST", left.path, accept)).status, 404);
  });

  test("lists what is remembered, finds in it, and forgets one thing or all of a kind", async () => {
    await request(`${world.origin}/hsts/good/year`);
    await request(`${world.origin}/cookies/set-raw?value=${encodeURIComponent("s=s3cret; Path=/")}`);
    const hsts = await world.page.json<MemoryPage>("GET", "memory/hsts?search=FAIRLEAD");
    assert.deepEqual([hsts.total, hsts.things[0]?.subject], [1, "a.fairlead.test"]);
    assert.equal((await world.page.json<MemoryPage>("GET", "memory/hsts?search=elsewhere")).total, 0);
    const cookies = await world.page.ask("GET", "memory/cookies");
    const text = await cookies.text();
    assert.doesNotMatch(text, /s3cret/);
    const { things } = JSON.parse(text) as MemoryPage;
    assert.equal(things.length, 1);
    for (const [kind, { key = "" } = {}] of [
      ["hsts", hsts.things[0]],
      ["cookies", things[0]],
    ] as const) {
      const path = `memory/${kind}/${encodeURIComponent(key)}`;
      assert.equal((await world.page.ask("DELETE", path)).status, 204, kind);
      assert.equal((await world.page.ask("DELETE", path)).status, 404, kind);
      assert.equal((await world.page.json<MemoryPage>("GET", `memory/${kind}`)).total, 0, kind);
    }
    const http = world.origin.replace("https:", "http:");
    assert.notEqual((await request(`${http}/status/200`)).hops[0]?.reason, "hsts");
    assert((await world.page.json<MemoryPage>("GET", "memory/tickets")).total > 0);
    assert.equal((await world.page.ask("DELETE", "memory/tickets")).status, 204);
    assert.equal((await world.page.json<MemoryPage>("GET", "memory/tickets")).total, 0);
    assert.equal((await world.page.ask("GET", "memory/passwords")).status, 404);
  });

  test("brings a file, pauses, goes on with what is there, and removes what it leaves", async () => {
    const slow = network.faults("https").add({ type: "bandwidth", bytesPerSecond: 200_000 });
    const url = `${world.origin}/file/400000`;
    const begun = await world.page.json<ShownTransfer>("POST", "downloads", { url });
    const path = `downloads/${String(begun.id)}`;
    await events.find("transfer", ({ transfer }) => transfer.id === begun.id && transfer.receivedBytes > 0);
    const paused = await world.page.json<ShownTransfer>("POST", `${path}/pause`);
    assert.equal(paused.state, "paused");
    slow.remove();
    await world.page.json("POST", `${path}/resume`);
    const { transfer } = await events.find(
      "transfer",
      (event) =>
        event.transfer.id === begun.id && event.transfer.state !== "under-way" && event.transfer.state !== "paused",
    );
    assert.deepEqual([transfer.state, transfer.error], ["done", undefined]);
    assert(transfer.resumedFrom > 0);
    assert.equal((await stat(join(folder, transfer.fileName))).size, transfer.totalBytes);
    assert.equal((await world.page.ask("DELETE", path)).status, 204);
    assert.deepEqual(await readdir(folder), [transfer.fileName]);
  });

  test("leaves nothing of a download that is cancelled, and lets go of its server and of its name", async () => {
    const before = await readdir(folder);
    const slow = network.faults("https").add({ type: "bandwidth", bytesPerSecond: 100_000 });
    const order = { url: `${world.origin}/file/500000` };
    const begun = await world.page.json<ShownTransfer>("POST", "downloads", order);
    const path = `downloads/${String(begun.id)}`;
    await events.find("transfer", ({ transfer }) => transfer.id === begun.id && transfer.receivedBytes > 0);
    assert.notDeepEqual(await readdir(folder), before);
    assert.equal((await world.page.ask("DELETE", path)).status, 204);
    assert.deepEqual(await readdir(folder), before);
    await events.find("transfer-gone", ({ id }) => id === begun.id);
    await events.find("transactions", ({ transactions }) =>
      transactions.some(({ url, state }) => url === order.url && state === "failed"),
    );
    for (const [method, gone] of [
      ["DELETE", path],
      ["POST", `${path}/pause`],
      ["POST", `${path}/resume`],
    ] as const) {
      assert.equal((await world.page.ask(method, gone)).status, 404, `${method} ${gone}`);
    }
    // At once, with nothing there yet; and one that rests.
    const again = await world.page.json<ShownTransfer>("POST", "downloads", order);
    assert.equal(again.fileName, begun.fileName);
    assert.equal((await world.page.ask("DELETE", `downloads/${String(again.id)}`)).status, 204);
    const resting = await world.page.json<ShownTransfer>("POST", "downloads", order);
    await events.find("transfer", ({ transfer }) => transfer.id === resting.id && transfer.receivedBytes > 0);
    await world.page.json("POST", `downloads/${String(resting.id)}/pause`);
    assert.equal((await world.page.ask("DELETE", `downloads/${String(resting.id)}`)).status, 204);
    assert.deepEqual(await readdir(folder), before);
    slow.remove();
  });

  test("brings the file that a request has asked for, with the secrets that are not shown, by the name that is wanted", async () => {
    const { id, url } = await request(`${world.origin}/echo?api_key=s3cret`, { fields: [["x-once", "more"]] });
    assert.match(url, /api_key=REDACTED/);
    const order = { repeat: id, fileName: "../echo.txt" };
    const begun = await world.page.json<ShownTransfer>("POST", "downloads", order);
    assert.deepEqual([begun.fileName, begun.url], ["_echo.txt", url]);
    await events.find("transfer", ({ transfer }) => transfer.id === begun.id && transfer.state === "done");
    const echo = await readFile(join(folder, begun.fileName), "utf8");
    assert(echo.includes("api_key=s3cret") && echo.includes("x-once"), echo);
    await rm(join(folder, begun.fileName));
    const posted = await request(`${world.origin}/echo`, { method: "POST", body: "paid" });
    for (const repeat of [posted.id, posted.id + 100]) {
      const refused = await world.page.ask("POST", "downloads", { repeat });
      assert.equal(refused.status, 400);
      assert.match(await refused.text(), /may change something|kept no longer/);
    }
  });

  test("tells what there is to try, and switches faults on and off", async () => {
    const shown = await world.page.json<ShownTestNetwork>("GET", "test-network");
    assert(shown.services.some(({ name, url }) => name === "https-expired" && url !== undefined));
    assert(shown.services.some(({ kind, name }) => kind === "endpoint" && name.startsWith("/auth/digest")));
    const order = { type: "latency", service: "https", values: { milliseconds: 1 } };
    const fault = await world.page.json<{ readonly id: string; readonly service: string }>(
      "POST",
      "test-network/faults",
      order,
    );
    assert.equal(fault.service, "https");
    assert.equal(network.faults("https").list.length, 1);
    assert.equal((await world.page.ask("DELETE", `test-network/faults/${fault.id}`)).status, 204);
    assert.equal(network.faults("https").list.length, 0);
    for (const bad of [
      { type: "nonsense" },
      { type: "latency", service: "control" },
      { type: "stall", values: { x: 1 } },
    ]) {
      assert.equal((await world.page.ask("POST", "test-network/faults", bad)).status, 400, JSON.stringify(bad));
    }
  });

  test("answers what makes no sense with a problem, and goes on", async () => {
    for (const [method, path, body, status] of [
      ["POST", "fetch", "{", 400],
      ["POST", "fetch", "[]", 400],
      ["POST", "fetch", { url: 1 }, 400],
      ["POST", "fetch", { url: "nonsense:" }, 400],
      ["POST", "fetch", { url: "https://a.test/", method: "CONNECT" }, 400],
      ["POST", "fetch", { url: "https://a.test/", fields: [["a"]] }, 400],
      ["GET", "transactions/0", undefined, 404],
      ["GET", "transactions/__proto__", undefined, 404],
      ["GET", "memory/__proto__", undefined, 404],
      ["GET", "%ff", undefined, 404],
      ["POST", "certificates", "<script>", 400],
      ["PUT", "settings", {}, 404],
      ["GET", "events", undefined, 400],
      ["GET", "nothing", undefined, 404],
    ] as const) {
      const response = await world.page.ask(method, path, body);
      assert.equal(response.status, status, `${method} ${path} ${JSON.stringify(body)}`);
      await response.text();
    }
  });

  test("takes no giant body, and waits for none", async () => {
    const { hostname, port, pathname } = new URL(world.page.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST ${pathname}api/fetch HTTP/1.1\r\nHost: ${hostname}:${port}\r\nOrigin: ${world.page.origin}\r\n` +
        "Content-Length: 1000000000000\r\n\r\n",
    );
    const [answer] = await new Promise<[Buffer]>((resolve) => socket.once("data", (chunk: Buffer) => resolve([chunk])));
    assert.match(String(answer), /^HTTP\/1\.1 413 /);
    socket.destroy();
  });

  test("is not there for who cannot say its address, and shares nothing with others", async () => {
    const { page } = world;
    for (const [url, headers] of [
      [page.origin, {}],
      [`${page.origin}/${"A".repeat(32)}/`, {}],
      [page.url, { origin: "https://evil.test" }],
      [page.url, { "sec-fetch-site": "cross-site" }],
    ] as const) {
      const response = await fetch(url, { headers });
      assert.deepEqual([response.status, await response.text()], [404, ""], url);
    }
    const response = await fetch(page.url, { method: "HEAD" });
    assert.equal(response.headers.get("access-control-allow-origin"), null);
    assert.equal(response.headers.get("referrer-policy"), "no-referrer");
    assert.match(response.headers.get("content-security-policy") ?? "", /^default-src 'none'; script-src 'self'/);
  });

  test("goes on for others when a page reads nothing", async () => {
    const stalled = await world.page.stall();
    const urls = Array.from(
      { length: 300 },
      (_, index) => `${world.origin}/status/204?${"x".repeat(1_500)}${String(index)}`,
    );
    await Promise.all(urls.map((url) => world.manager.request(url).then((reply) => reply.bytes())));
    const { id } = await request(`${world.origin}/status/200`);
    assert(id > 300);
    stalled.destroy();
  });
});

function isRefusedFor(question: ShownQuestion, code: string): boolean {
  return question.type === "certificate-error" && question.problems.some((problem) => problem.code === code);
}
