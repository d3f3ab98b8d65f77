import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { NetworkAccessManagerOptions } from "@fairlead/access";
import {
  eventually,
  openBrowser,
  type OpenBrowser,
  skipWithoutBrowser,
  type TestedPage,
} from "@fairlead/conformance/browser";
import { mintCertificate, type MintedIdentity } from "@fairlead/testserver/authority";
import { Questions } from "../../src/index.ts";
import { type ConsoleWorld, openConsoleWorld, startTestNetwork } from "../console-world.ts";

type Page = TestedPage["page"];

/** What the test network serves as a file. */
const fileOf = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, index) => index % 251);

describe("a person in front of a live manager", { skip: skipWithoutBrowser() }, () => {
  let opened: AsyncDisposableStack;
  let network: Awaited<ReturnType<typeof startTestNetwork>>;
  let browser: OpenBrowser;
  let alice: MintedIdentity;

  before(async () => {
    await using stack = new AsyncDisposableStack();
    network = stack.use(
      await startTestNetwork({
        services: [
          ...(["https", "http", "https-expired", "https-self-signed", "https-incomplete-chain"] as const),
          "https-client-certificate",
          "httpbin-https",
        ],
      }),
    );
    alice = await mintCertificate({ issuer: network.ca, names: ["alice"], usage: "client" });
    browser = stack.use(await openBrowser());
    opened = stack.move();
  });

  after(async () => {
    await opened.disposeAsync();
  });

  /** A console of a manager of its own, and a page that has opened it. */
  async function enter(
    manager: NetworkAccessManagerOptions = {},
  ): Promise<AsyncDisposable & { readonly world: ConsoleWorld; readonly folder: string; readonly tested: TestedPage }> {
    await using stack = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), "fairlead-console-"));
    stack.defer(() => rm(folder, { recursive: true }));
    const questions = new Questions({ identities: [alice], absenceMilliseconds: 1 });
    const world = stack.use(await openConsoleWorld(network, { downloadFolder: folder, questions, manager }));
    const tested = stack.use(await browser.openPage({ viewport: { width: 1280, height: 800 } }));
    await tested.page.goto(world.page.url);
    const left = stack.move();
    return { world, folder, tested, [Symbol.asyncDispose]: () => left.disposeAsync() };
  }

  async function load(page: Page, address: string): Promise<void> {
    const bar = page.getByRole("combobox", { name: "Address" });
    await bar.fill(address);
    await bar.press("Enter");
  }

  const serviceUrl = (name: Parameters<typeof network.service>[0], path: string): string =>
    `https://a.fairlead.test:${String(network.service(name).port)}${path}`;

  async function switchFaultOn(page: Page, type: string, values: Readonly<Record<string, number>>): Promise<void> {
    await page.getByRole("link", { name: "Test network" }).click();
    await page.getByText("Switch a fault on").click();
    await page.getByRole("combobox", { name: "Fault" }).selectOption(type);
    await page.getByRole("combobox", { name: "Service" }).selectOption("https");
    for (const [name, value] of Object.entries(values)) await page.getByLabel(name).fill(String(value));
    await page.getByRole("button", { name: "Switch on", exact: true }).click();
    await page.getByRole("button", { name: `Switch off: ${type}` }).waitFor();
  }

  async function switchFaultOff(page: Page, type: string): Promise<void> {
    await page.getByRole("link", { name: "Test network" }).click();
    await page.getByRole("button", { name: `Switch off: ${type}` }).click();
    await page.getByText("All is well: no fault is on.").waitFor();
  }

  async function download(page: Page, address: string): Promise<void> {
    await page.getByRole("link", { name: "Downloads" }).click();
    await page.getByRole("textbox", { name: "Address of the file" }).fill(address);
    await page.getByRole("button", { name: "Download", exact: true }).click();
  }

  test("has a host's HSTS forgotten", async () => {
    await using entered = await enter();
    const { world, tested } = entered;
    const { page, problems } = tested;
    using events = world.page.follow();
    const { id } = await world.page.json<{ readonly id: number }>("POST", "fetch", { url: `${world.origin}/hsts` });
    await events.ended(id);
    await page.goto(`${world.page.url}#memory/hsts`);
    await page.getByRole("button", { name: "Forget a.fairlead.test" }).click();
    await page.getByRole("dialog").getByText("goes out in the clear").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Forget" }).click();
    await page.getByText("Nothing is remembered.").waitFor();
    assert.deepEqual(problems, []);
  });

  test("sees a download fail that a fault cuts, and has it go on to its end", async () => {
    await using entered = await enter({ retry: false });
    const { world, folder, tested } = entered;
    const { page, problems } = tested;
    await switchFaultOn(page, "close", { afterBytes: 200_000 });
    await download(page, `${world.origin}/file/400000`);
    await page.getByText("Failed", { exact: true }).first().waitFor();
    await page.getByText("What to do:").waitFor();
    await page.getByText("A fault of the test network is on.").waitFor();
    await page.getByRole("link", { name: "Show faults" }).click();
    await switchFaultOff(page, "close");
    await page.getByRole("link", { name: "Downloads" }).click();
    await page.getByRole("button", { name: /^Try again/ }).click();
    await page.getByText("Done", { exact: true }).first().waitFor();
    await page.getByText("from an earlier try").waitFor();
    await page.getByText("A fault of the test network is on.").waitFor({ state: "hidden" });
    assert.deepEqual(new Uint8Array(await readFile(join(folder, "400000"))), fileOf(400_000));
    assert.deepEqual(problems, []);
  });

  test("gets the whole of a file though each connection is cut, when the manager tries again", async () => {
    await using entered = await enter({ retry: { backoffMilliseconds: 1 } });
    const { world, folder, tested } = entered;
    const { page, problems } = tested;
    await switchFaultOn(page, "reset", { afterBytes: 200_000 });
    await download(page, `${world.origin}/file/400000`);
    await page.getByText("Done", { exact: true }).first().waitFor();
    assert.deepEqual(new Uint8Array(await readFile(join(folder, "400000"))), fileOf(400_000));
    await page.getByRole("link", { name: "Test network" }).click();
    await page.getByText(/met [2-9] connections/).waitFor();
    await switchFaultOff(page, "reset");
    assert.deepEqual(problems, []);
  });

  test("keeps what an address answers as a file, by the name that its server gives", async () => {
    await using entered = await enter();
    const { folder, tested } = entered;
    const { page, problems } = tested;
    const disposition = `attachment; filename="../report <b>.json"`;
    const fields = new URLSearchParams({ "Content-Disposition": disposition });
    await load(page, serviceUrl("httpbin-https", `/response-headers?${fields.toString()}`));
    await page.getByText("Sent as a file to keep").waitFor();
    await page.getByText("report <b>.json", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Download", exact: true }).click();
    await page.getByRole("main", { name: "Downloads" }).waitFor();
    await page.getByText("Done", { exact: true }).first().waitFor();
    const file = await readFile(join(folder, "report _b_.json"), "utf8");
    assert.match(file, /attachment/);
    assert.deepEqual(problems, []);
  });

  test("goes back from a chain that lacks a certificate, and is not asked when another server has sent it", async () => {
    await using entered = await enter();
    const { world, tested } = entered;
    const { page, problems } = tested;
    const incomplete = serviceUrl("https-incomplete-chain", "/json");
    await load(page, incomplete);
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Nobody whom you trust vouches for the certificate.").waitFor();
    await dialog.getByRole("button", { name: "Go back" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByText("CERTIFICATE_ISSUER_UNKNOWN").first().waitFor();
    await load(page, `${world.origin}/json`);
    await page.getByText("200", { exact: true }).first().waitFor();
    await load(page, incomplete);
    await page
      .getByText("The server left out a certificate of its chain, which was known from another server.")
      .waitFor();
    await eventually(() => dialog.count(), 0);
    assert.deepEqual(problems, []);
  });

  test("signs in by Digest after a password that was refused, which the dialog says", async () => {
    await using entered = await enter();
    const { world, tested } = entered;
    const { page, problems } = tested;
    await load(page, `${world.origin}/auth/digest/user/secret`);
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Digest", { exact: true }).waitFor();
    await dialog.getByLabel("User name").fill("user");
    await dialog.getByLabel("Password").fill("wrong");
    await page.keyboard.press("Enter");
    await dialog.getByText("or its password, was refused.").waitFor();
    await dialog.getByLabel("User name").fill("user");
    await dialog.getByLabel("Password").fill("secret");
    await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByText("200", { exact: true }).first().waitFor();
    assert.deepEqual(problems, []);
  });

  test("goes on without signing in, and sees what the server says to that", async () => {
    await using entered = await enter();
    const { page, problems } = entered.tested;
    await load(page, `${entered.world.origin}/auth/digest/user/secret`);
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByText("401", { exact: true }).first().waitFor();
    assert.deepEqual(problems, []);
  });

  test("shows a client certificate, or goes on without one", async () => {
    await using entered = await enter();
    const { page, problems } = entered.tested;
    const address = serviceUrl("https-client-certificate", "/json?shown");
    await load(page, address);
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Go on without" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByText("CLIENT_CERTIFICATE_REQUIRED").first().waitFor();
    await load(page, address);
    await dialog.getByText("alice").first().waitFor();
    await dialog.getByRole("button", { name: "Send this certificate" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByText("200", { exact: true }).first().waitFor();
    const seen = network.requests.at(-1)?.tls?.clientCertificate;
    assert.equal(seen, new X509Certificate(alice.leaf).fingerprint256);
    assert.deepEqual(problems, []);
  });

  test("answers two questions in a row, one by mouse, and is let go when nobody waits for the other", async () => {
    await using entered = await enter();
    const { world, tested } = entered;
    const { page, problems } = tested;
    await load(page, serviceUrl("https-expired", "/json"));
    const dialog = page.locator("fairlead-certificate-exception dialog[open]");
    await dialog.getByText("The certificate has expired.").waitFor();
    const second = await world.page.json<{ readonly id: number }>("POST", "fetch", {
      url: serviceUrl("https-self-signed", "/json"),
    });
    await dialog.getByText("Certificate in detail", { exact: true }).click();
    await dialog.getByRole("textbox").fill("a.fairlead.test");
    // A click counts only when the dialog has been there for a while, by its own clock.
    await page.locator("fairlead-certificate-exception").evaluate((asking: object) => {
      Object.assign(asking, { clock: () => performance.now() + 60_000 });
    });
    await dialog.getByRole("button", { name: "Accept the risk" }).click();
    await dialog.getByText("Nobody whom you trust vouches for the certificate.").waitFor();
    await world.page.ask("DELETE", `transactions/${String(second.id)}`);
    await dialog.waitFor({ state: "detached" });
    await page.getByText("A certificate that verification refuses was let in.").waitFor();
    assert.deepEqual(problems, []);
  });
});
