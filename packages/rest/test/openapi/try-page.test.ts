import { startChromium } from "@fairlead/conformance/peers";
import { describeApi, tryPage } from "@fairlead/rest/openapi";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { describe, test } from "node:test";
import { library } from "./library-api.ts";

describe("tryPage", () => {
  test("is one page that needs nothing from elsewhere, and runs nothing that its policy does not know by its digest", () => {
    const { html, contentSecurityPolicy } = tryPage("./openapi.json", "Library");
    assert.doesNotMatch(html, /\b(?:src|href)=|https?:\/\/(?!example\.com)|\bon\w+=|@import|url\(/);
    for (const [tag, directive] of [
      ["script", "script-src"],
      ["style", "style-src"],
    ] as const) {
      const parts = [...html.matchAll(new RegExp(`<${tag}>([^]*?)</${tag}>`, "g"))];
      assert.equal(parts.length, 1);
      const digest = createHash("sha256")
        .update(parts[0]?.[1] ?? "")
        .digest("base64");
      assert.ok(contentSecurityPolicy.split("; ").includes(`${directive} 'sha256-${digest}'`));
    }
    assert.match(contentSecurityPolicy, /^default-src 'none';/);
    assert.doesNotMatch(contentSecurityPolicy, /unsafe|\*|https?:/);
  });

  test("says title and address as text", () => {
    const { html } = tryPage('"><script>alert(1)</script>', "</title><img src=x onerror=alert(1)>");
    assert.doesNotMatch(html, /<img|<script>alert/);
    assert.match(html, /<title>&lt;\/title&gt;&lt;img src=x onerror=alert\(1\)&gt;<\/title>/);
  });

  test("makes calls out of forms, and shows what comes back, in Chromium", { timeout: 60_000 }, async () => {
    const calls: string[] = [];
    const { report } = await visit(
      describeApi(library, { servers: ["."] }),
      `
      const read = await open("GET", "/books/{id}");
      read.querySelector("input").value = "a b/c";
      read.querySelector("form button").click();
      const answer = await until(() => read.querySelector("pre")?.textContent);
      const add = await open("POST", "/books");
      const example = add.querySelector("textarea").value;
      add.querySelector("form button").click();
      await until(() => add.querySelector("pre")?.textContent);
      const lend = await open("POST", "/loans");
      lend.querySelectorAll("input")[0].value = "x&y";
      lend.querySelector("form button").click();
      await until(() => lend.querySelector("pre")?.textContent);
      return { answer, example, status: read.querySelector("[role=status]").textContent };
      `,
      (request, response) => {
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", () => {
          const type = request.headers["content-type"] ?? "";
          calls.push([request.method, request.url, type, Buffer.concat(chunks).toString()].join(" "));
          response.writeHead(404, { "content-type": "application/problem+json" });
          response.end(JSON.stringify({ title: "No such book", detail: "<b>none</b>" }));
        });
      },
    );
    assert.deepEqual(calls, [
      "GET /books/a%20b%2Fc  ",
      'POST /books application/json {\n  "id": 0,\n  "title": "",\n  "tags": [\n    ""\n  ]\n}',
      "POST /loans application/x-www-form-urlencoded;charset=UTF-8 book=x%26y",
    ]);
    assert.equal(report["answer"], '{\n  "title": "No such book",\n  "detail": "<b>none</b>"\n}');
    assert.match(String(report["status"]), /^404 Not Found, after \d+ msNo such book: <b>none<\/b>/);
  });

  test("takes nothing of a hostile document, or a hostile answer, for more than text", {
    timeout: 60_000,
  }, async () => {
    const evil = '<img src="/evil" onerror="fetch(\'/evil\')"><script>fetch("/evil")</script>';
    const operation = {
      ...{ operationId: evil, summary: evil, description: evil, tags: [evil] },
      parameters: [
        { name: evil, in: "query", description: evil, schema: { type: "string", enum: [evil], default: evil } },
        { name: "__proto__", in: "query", schema: { $ref: "#/components/schemas/loop" } },
      ],
      requestBody: { content: { "application/json": { schema: { examples: [evil] } }, [evil]: {} } },
      responses: { [evil]: { description: evil, content: { [evil]: {} } } },
    };
    const { report, others } = await visit(
      {
        openapi: "3.1.1",
        info: { title: evil, version: evil, description: evil },
        servers: [{ url: "." }],
        paths: { "/x": { post: operation, get: null }, "@elsewhere.example/": { get: operation }, [evil]: 7 },
        components: { schemas: { loop: { $ref: "#/components/schemas/loop" } } },
      },
      `
      const send = await open("POST", "/x");
      send.querySelector("form button").click();
      const shown = await until(() => send.querySelector("pre")?.textContent);
      const away = await open("GET", "@elsewhere.example/");
      away.querySelector("form button").click();
      const refusal = await until(() => [...away.querySelectorAll(".bad")].at(-1)?.textContent);
      return { shown, refusal, images: page().images.length, scripts: page().scripts.length, title: page().title };
      `,
      (_request, response) => {
        response.writeHead(200, { "content-type": "text/html", "x-evil": "<script>" });
        response.end(evil);
      },
    );
    const { refusal, ...rest } = report;
    assert.deepEqual(rest, { shown: evil, images: 0, scripts: 1, title: evil });
    assert.match(String(refusal), /this page calls http:\/\/127\.0\.0\.1:\d+ only, not http:\/\/elsewhere\.example/);
    assert.deepEqual(
      others.filter((url) => url.startsWith("/evil")),
      [],
    );
  });
});

interface Visit {
  readonly report: Readonly<Record<string, unknown>>;
  /** Whatever else was asked for. */
  readonly others: readonly string[];
}

/**
 * Opens the page for a document, with its own policy but that a page of the test may have it in a frame and use it as
 * somebody would.
 *
 * @param script its `return` is what is reported.
 */
async function visit(
  document: unknown,
  script: string,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Visit> {
  const { html, contentSecurityPolicy } = tryPage("./openapi.json", "Library");
  const policy = contentSecurityPolicy.replace("frame-ancestors 'none'", "frame-ancestors 'self'");
  const others: string[] = [];
  const { promise, resolve } = Promise.withResolvers<Visit["report"]>();
  const pages: Readonly<Record<string, readonly [type: string, body: string]>> = {
    "/": ["text/html", `<iframe src="/docs"></iframe><script>${DRIVER.replace("SCRIPT", () => script)}</script>`],
    "/docs": ["text/html", html],
    "/favicon.ico": ["image/x-icon", ""],
    "/openapi.json": ["application/json", JSON.stringify(document)],
  };
  const server = createServer((request, response) => {
    const { url = "" } = request;
    const page = pages[url];
    if (page !== undefined) {
      response.writeHead(200, {
        "content-type": page[0],
        ...(url === "/docs" && { "content-security-policy": policy }),
      });
      response.end(page[1]);
    } else if (url.startsWith("/report?")) {
      resolve(JSON.parse(decodeURIComponent(url.slice("/report?".length))) as Visit["report"]);
      response.end();
    } else {
      others.push(url);
      answer(request, response);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  try {
    await using browser = await startChromium({ url: `http://127.0.0.1:${address.port.toString()}/` });
    const report = await promise;
    assert.doesNotMatch(browser.output, /Refused to/);
    return { report, others };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Uses the page in the frame; what goes wrong is reported as well. */
const DRIVER = `
const page = () => document.querySelector("iframe").contentDocument;
const until = async (look) => {
  for (;;) {
    const found = look();
    if (found) return found;
    await new Promise((next) => requestAnimationFrame(next));
  }
};
const open = async (method, path) => {
  const operation = await until(() => [...page().querySelectorAll("main section > details")].find((one) => one.querySelector(".method").textContent === method && one.querySelector(".path").textContent === path));
  operation.open = true;
  await until(() => operation.querySelector("form"));
  return operation;
};
(async () => { SCRIPT })().catch((error) => ({ error: String(error) })).then((report) => fetch("/report?" + encodeURIComponent(JSON.stringify(report))));
`;
