import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { openNetworkAccessManager } from "@fairlead/access";
import {
  eventually,
  axeViolations,
  openBrowser,
  type OpenBrowser,
  skipWithoutBrowser,
  type TestedPage,
} from "@fairlead/conformance/browser";
import { inspect, Questions, serveConsole } from "@fairlead/console";
import { startTestNetwork, type TestNetwork } from "@fairlead/testserver";

describe("the console over the test network", { skip: skipWithoutBrowser() }, () => {
  let opened: AsyncDisposableStack;
  let browser: OpenBrowser;
  let network: TestNetwork;
  let url: string;

  before(async () => {
    await using stack = new AsyncDisposableStack();
    network = stack.use(await startTestNetwork({ services: ["http", "https", "https-expired"] }));
    const questions = new Questions();
    const manager = stack.use(
      await openNetworkAccessManager({
        lookup: network.lookup,
        tls: { trust: { type: "anchors", certificates: [network.ca.certificate] } },
        ...questions.handlers,
      }),
    );
    const inspection = stack.use(inspect(manager, { questions, name: "tested" }));
    ({ url } = stack.use(await serveConsole({ inspection })));
    browser = stack.use(await openBrowser());
    opened = stack.move();
  });

  after(async () => {
    await opened.disposeAsync();
  });

  /** Opens the console, and has it fetch what a person enters. */
  async function load(address: string): Promise<TestedPage> {
    const tested = await browser.openPage({ viewport: { width: 1280, height: 800 }, acceptDownloads: true });
    const { page } = tested;
    await page.goto(url);
    const bar = page.getByRole("combobox", { name: "Address" });
    await bar.fill(address);
    await bar.press("Enter");
    return tested;
  }

  test("is opened by a file that leads to it, as a browser is that the command starts", async () => {
    const folder = await mkdtemp(join(tmpdir(), "fairlead-console-test-"));
    try {
      const file = join(folder, "open.html");
      await writeFile(file, `<!doctype html><meta http-equiv="refresh" content="0; url=${url}">`);
      await using tested = await browser.openPage();
      await tested.page.goto(pathToFileURL(file).href);
      await tested.page.getByRole("combobox", { name: "Address" }).waitFor();
      assert.deepEqual(tested.problems, []);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("shows what came back, and asks for nothing but its own", async () => {
    await using tested = await load(`${network.https.origin}/json`);
    const { page, problems } = tested;
    await page.getByRole("tab", { name: "Response" }).click();
    await page.getByRole("tree", { name: "JSON" }).waitFor();
    await page.getByText("content-type").first().waitFor();
    await page.getByRole("tab", { name: "Security" }).click();
    await page.getByRole("treeitem", { name: "localhost" }).first().waitFor();
    assert.deepEqual(await axeViolations(page), []);
    assert.deepEqual(problems, []);
  });

  test("follows a chain of redirects, and tells each hop", async () => {
    await using tested = await load(`${network.http.origin}/redirect/chain/3`);
    const { page, problems } = tested;
    await page.getByText("/redirect/chain/0").first().waitFor();
    await page.getByRole("tab", { name: "Hops 4" }).click();
    const hops = page.getByRole("tabpanel").getByRole("listitem");
    await eventually(() => hops.count(), 4);
    for (const [index, left] of [3, 2, 1, 0].entries()) {
      await eventually(async () => (await hops.nth(index).textContent()) ?? "", new RegExp(`/redirect/chain/${left}`));
    }
    await page.getByRole("tab", { name: "Timeline" }).click();
    await eventually(async () => (await page.locator("fairlead-request-timeline").getByRole("row").count()) >= 4, true);
    assert.deepEqual(problems, []);
  });

  test("lets in a certificate that ended after a deliberate act, and says so from then on", async () => {
    await using tested = await load(`${network.service("https-expired").origin}/json`);
    const { page } = tested;
    const dialog = page.getByRole("dialog");
    const accept = dialog.getByRole("button", { name: "Accept the risk" });
    await dialog.getByText("Certificate in detail", { exact: true }).click();
    await eventually(() => accept.isDisabled(), true);
    await dialog.getByRole("textbox").fill("localhost");
    await dialog.getByRole("checkbox", { name: "Remember this certificate for 7 days" }).check();
    // A click counts only when the dialog has been there for a while; the space bar does at once.
    await accept.press("Space");
    await page.getByText("A certificate that verification refuses was let in.").waitFor();
    await page.getByRole("row", { name: "Exception" }).waitFor();
    await page.getByRole("tab", { name: "Security" }).click();
    await page.getByRole("treeitem", { name: "localhost" }).first().waitFor();
    assert.deepEqual(await axeViolations(page), []);
    await page.getByRole("link", { name: "Memory" }).click();
    await page.getByRole("link", { name: "Exceptions" }).click();
    await page.getByText("1 remembered").waitFor();
  });

  test("shows a body of markup as text, and runs nothing of it", async () => {
    const markup = "<script>window.ran=1</script><img src=x onerror=window.ran=1>";
    await using tested = await load(`${network.https.origin}/redirect/302?to=${encodeURIComponent(`/echo?${markup}`)}`);
    const { page, problems } = tested;
    await page.getByText("/echo").first().waitFor();
    await page.getByRole("tab", { name: "Response" }).click();
    await page.getByText("Text", { exact: true }).click();
    await page.getByText("window.ran").first().waitFor();
    assert.equal(await page.evaluate("'ran' in window"), false);
    assert.deepEqual(problems, []);
  });

  test("exports an archive with the requests that were made", async () => {
    await using tested = await load(`${network.https.origin}/get?archived`);
    const { page } = tested;
    await page.getByText("archived").first().waitFor();
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export HAR" }).click();
    const archive = JSON.parse(await readFile(await (await waiting).path(), "utf8")) as {
      readonly log: { readonly entries: readonly { readonly request: { readonly url: string } }[] };
    };
    assert.ok(archive.log.entries.some((each) => each.request.url.endsWith("/get?archived")));
  });
});
