import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { openBrowser, skipWithoutBrowser } from "@fairlead/conformance/browser";
import { openConsoleWorld, startTestNetwork } from "../console-world.ts";

describe("a live manager in the page", { skip: skipWithoutBrowser() }, () => {
  test("forgets a host's HSTS when a person says so, and goes on with a download that was cut", async () => {
    await using opened = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), "fairlead-console-"));
    opened.defer(() => rm(folder, { recursive: true }));
    const network = opened.use(await startTestNetwork({ services: ["https", "http"] }));
    const world = opened.use(await openConsoleWorld(network, { downloadFolder: folder }));
    const browser = opened.use(await openBrowser());
    const { page, problems } = opened.use(await browser.openPage());

    using events = world.page.follow();
    const { id } = await world.page.json<{ readonly id: number }>("POST", "fetch", { url: `${world.origin}/hsts` });
    await events.ended(id);
    await page.goto(`${world.page.url}#memory/hsts`);
    await page.getByRole("button", { name: "Forget a.fairlead.test" }).click();
    await page.getByRole("dialog").getByText("goes out in the clear").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Forget" }).click();
    await page.getByText("Nothing is remembered.").waitFor();

    const slow = network.faults("https").add({ type: "bandwidth", bytesPerSecond: 200_000 });
    await page.goto(`${world.page.url}#downloads`);
    await page.getByRole("textbox", { name: "Address of the file" }).fill(`${world.origin}/file/400000`);
    await page.getByRole("button", { name: "Download", exact: true }).click();
    await page.getByRole("button", { name: /^Pause/ }).click();
    await page.getByText("Paused", { exact: true }).waitFor();
    slow.remove();
    await page.getByRole("button", { name: /^Resume/ }).click();
    await page.getByText("Done", { exact: true }).waitFor();
    assert.deepEqual(problems, []);
  });
});
