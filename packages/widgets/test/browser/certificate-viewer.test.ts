import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { eventually, skipWithoutBrowser } from "@fairlead/conformance/browser";
import { harbourIssuer, harbourLeaf, harbourRoot } from "../../gallery/harbour-certificates.ts";
import { openGallery, type OpenGallery } from "./gallery.ts";

const section = "fairlead-certificate-viewer";

describe("<fairlead-certificate-viewer>", { skip: skipWithoutBrowser() }, () => {
  let gallery: OpenGallery;

  before(async () => {
    gallery = await openGallery();
  });

  after(async () => {
    await gallery[Symbol.asyncDispose]();
  });

  test("goes up and down the path by the arrow keys, and keeps files and fingerprints", async () => {
    await using shown = await gallery.show({
      section,
      state: "verified",
      permissions: ["clipboard-write", "clipboard-read"],
    });
    const { page } = shown;
    const title = page.locator(".details h2");
    await page.getByRole("treeitem", { selected: true }).focus();
    for (const [key, name] of [
      ["ArrowUp", "Harbour Issuing CA 2"],
      ["ArrowUp", "Harbour Root CA"],
      ["ArrowUp", "Harbour Root CA"],
      ["ArrowDown", "Harbour Issuing CA 2"],
      ["End", "shop.harbour.test"],
      ["Home", "Harbour Root CA"],
      ["ArrowRight", "Harbour Issuing CA 2"],
    ] as const) {
      await page.keyboard.press(key);
      await title.getByText(name, { exact: true }).waitFor();
      await eventually(
        () => page.locator('[role="treeitem"]:focus').textContent(),
        new RegExp(name, "u"),
        "the focus goes with it",
      );
    }

    const [one] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download", exact: true }).click(),
    ]);
    assert.equal(one.suggestedFilename(), "Harbour-Issuing-CA-2.pem");
    const [all] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download chain" }).click(),
    ]);
    assert.equal(all.suggestedFilename(), "shop.harbour.test-chain.pem");
    const pem = [harbourLeaf, harbourIssuer, harbourRoot].map((each) => `${each.pem ?? ""}\n`).join("");
    assert.equal(await readFile(await all.path(), "utf8"), pem);

    await page.getByRole("button", { name: "Copy SHA-256" }).click();
    await page.getByText("Copied").waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(copied.replaceAll(":", "").toLowerCase(), harbourIssuer.fingerprints.sha256);
    assert.deepEqual(shown.problems, []);
  });

  test("lets the application keep the file in its own way, and shows what the page may not copy", async () => {
    await using shown = await gallery.show({ section, state: "expired" });
    const { page } = shown;
    let downloads = 0;
    page.on("download", () => {
      downloads += 1;
    });
    await page.evaluate(() => {
      document.body.addEventListener("fairlead-certificate-download", (event) => {
        event.preventDefault();
        document.title = event.fileName;
      });
      Object.defineProperty(navigator, "clipboard", { value: undefined });
    });
    await page.getByRole("button", { name: "Download", exact: true }).click();
    await eventually(() => page.title(), "shop.harbour.test.pem");
    await page.getByRole("button", { name: "Copy SHA-256" }).click();
    const field = page.getByRole("textbox", { name: "SHA-256" });
    await field.waitFor();
    await eventually(
      async () => (await field.inputValue()).replaceAll(":", "").toLowerCase(),
      harbourLeaf.fingerprints.sha256,
    );
    assert.equal(downloads, 0);
    await eventually(() => page.getByRole("listitem").filter({ hasText: "What helps" }).count(), 2);
  });

  test("shows ten thousand names, a page at a time", async () => {
    await using shown = await gallery.show({ section, state: "many-names" });
    const names = shown.page.getByRole("list", { name: "Names" }).getByRole("listitem");
    await eventually(() => names.count(), 10);
    await shown.page.getByRole("button", { name: "Show all 10,000" }).click();
    await eventually(() => names.count(), 200);
    await shown.page.getByRole("button", { name: "Next" }).click();
    await eventually(() => names.first().innerText(), "DNS\nshop-200.harbour.test");
    await eventually(() => shown.page.getByRole("status").filter({ hasText: "of" }).innerText(), "201–400 of 10,000");
    await shown.page.evaluate(async (tag) => {
      const viewer = document.querySelector(tag);
      if (!(viewer instanceof HTMLElement)) return;
      Object.assign(viewer, { now: 0 });
      await (viewer as HTMLElement & { readonly updateComplete: Promise<boolean> }).updateComplete;
    }, section);
    await eventually(() => names.first().innerText(), "DNS\nshop-200.harbour.test", "time goes on, the page stays");
    await shown.page.getByRole("button", { name: "Show fewer" }).click();
    await eventually(() => names.count(), 10);
  });
});
