import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import {
  axeViolations,
  matchScreenshot,
  type OpenBrowser,
  openBrowser,
  skipWithoutBrowser,
} from "@fairlead/conformance/browser";

const icon = '<svg width="20" height="20" stroke="#555" fill="none" stroke-width="1.5"><path d="M5 10l4 4 7-8"/></svg>';
const pages: Readonly<Record<string, string>> = {
  "/": page(`<p id="text">A line of text.</p><p>${icon} An icon.</p>`),
  "/no-icon": page('<p id="text">A line of text.</p><p><i></i> An icon.</p>'),
  "/moved": page(`<p id="text" class="moved">A line of text.</p><p>${icon} An icon.</p>`),
  "/pale": page(`<p id="text" class="pale">A line of text.</p><p>${icon} An icon.</p>`),
  "/larger": page(`<p id="text" class="larger">A line of text.</p><p>${icon} An icon.</p>`),
  "/barriers": page('<button></button><p class="unreadable">Grey on grey.</p><input>'),
};

describe("how a page looks and sounds", { skip: skipWithoutBrowser() }, () => {
  let browser: OpenBrowser;
  let origin: string;
  let folder: string;
  const server = createServer(({ url = "/" }, response) => {
    if (url === "/silent") return;
    if (url === "/cut") return void response.destroy();
    response.setHeader("content-type", url === "/style.css" ? "text/css" : "text/html; charset=utf-8");
    response.setHeader(
      "content-security-policy",
      "default-src 'none'; style-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'",
    );
    response.end(url === "/style.css" ? style : pages[url]);
  });

  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    // It listens on a port, not on a pipe.
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await openBrowser();
    folder = await mkdtemp(join(tmpdir(), "looks-"));
  });

  after(async () => {
    await browser[Symbol.asyncDispose]();
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("a picture of the same page matches; one without an icon, or with a line moved by a pixel, does not", async () => {
    await using tested = await browser.openPage({ viewport: { width: 800, height: 600 } });
    const file = join(folder, "page.png");
    const options = { failures: join(folder, "failures") };
    const look = async (path: string): Promise<void> => {
      await tested.page.goto(origin + path);
      await matchScreenshot(tested.page.locator("main"), file, options);
    };

    await assert.rejects(look("/"), /there is no .*page\.png: UPDATE_SCREENSHOTS=1 writes it anew/);
    process.env["UPDATE_SCREENSHOTS"] = "1";
    try {
      await look("/");
    } finally {
      delete process.env["UPDATE_SCREENSHOTS"];
    }

    await look("/");
    await look("/pale");
    await assert.rejects(look("/no-icon"), /differs in \d+ pixels, \d+ of them in one place/);
    await assert.rejects(look("/moved"), /differs/);
    await assert.rejects(look("/larger"), /is 780 × \d+, what is shown 780 × \d+/);
    assert.ok((await readFile(join(options.failures, "page-difference.png"))).length > 0);
    assert.deepEqual(tested.problems, []);
  });

  test("barriers are named with their rule and element, under a policy that lets no script in", async () => {
    await using tested = await browser.openPage();
    await tested.page.goto(`${origin}/`);
    assert.deepEqual(await axeViolations(tested.page), []);

    await tested.page.goto(`${origin}/barriers`);
    const violations = await axeViolations(tested.page);
    assert.deepEqual(violations.map((line) => line.split(":")[0]).sort(), ["button-name", "color-contrast", "label"]);
    assert.match(violations.find((line) => line.startsWith("button-name")) ?? "", /^button-name: button: .*text/);
    assert.deepEqual(await axeViolations(tested.page, { without: ["button-name", "color-contrast", "label"] }), []);
    assert.deepEqual(tested.problems, []);
  });

  test("a request that fails is a problem of the page, one that the page gave up is none", async () => {
    await using tested = await browser.openPage({ bypassCSP: true });
    await tested.page.goto(`${origin}/`);
    const gaveUp = tested.page.waitForEvent("requestfailed");
    await tested.page.evaluate(async () => {
      const giving = new AbortController();
      const answer = fetch("/silent", { signal: giving.signal });
      giving.abort();
      await answer.catch(() => undefined);
    });
    await gaveUp;
    assert.deepEqual(tested.problems, []);

    const failed = tested.page.waitForEvent("requestfailed");
    await tested.page.evaluate(() => fetch("/cut").catch(() => undefined));
    await failed;
    assert.match(tested.problems.join("\n"), /failed: http:\/\/127\.0\.0\.1:\d+\/cut net::ERR_EMPTY_RESPONSE/);
  });
});

const style = `
  body { margin: 10px; background: white; color: #222; font: 16px/24px "DejaVu Sans", sans-serif; }
  main { min-height: 300px; }
  i { display: inline-block; width: 20px; height: 20px; }
  .moved { position: relative; top: 1px; }
  .pale { color: #282828; -webkit-text-stroke: 0.1px; }
  .larger { line-height: 25px; padding-bottom: 400px; }
  .unreadable { color: #aaa; background: #ddd; }
`;

function page(main: string): string {
  return `<!doctype html><html lang="en"><title>Looks</title><link rel="stylesheet" href="/style.css"><main><h1>Looks</h1>${main}</main></html>`;
}
