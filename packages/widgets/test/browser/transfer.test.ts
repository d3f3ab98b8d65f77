import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { eventually, skipWithoutBrowser } from "@fairlead/conformance/browser";
import type { FairleadTransferList, FairleadTransferProgress } from "../../src/index.ts";
import { openGallery, type OpenGallery } from "./gallery.ts";

describe("transfers", { skip: skipWithoutBrowser() }, () => {
  let gallery: OpenGallery;

  before(async () => {
    gallery = await openGallery();
  });

  after(async () => {
    await gallery[Symbol.asyncDispose]();
  });

  test("a progress bar has a name, a value below the whole, and says it in words", async () => {
    await using shown = await gallery.show({ section: "fairlead-transfer-progress", state: "under-way" });
    const bar = shown.page.getByRole("progressbar", { name: "debian-13.2.0-amd64-netinst.iso" });
    await eventually(() => bar.getAttribute("aria-valuenow"), "33");
    await eventually(() => bar.getAttribute("aria-valuetext"), "33%, 242.0 MB of 733.0 MB, about 2 min left");
    assert.deepEqual(shown.problems, []);
  });

  test("one of unknown length has no value", async () => {
    await using shown = await gallery.show({ section: "fairlead-transfer-progress", state: "unknown-length" });
    await eventually(() => shown.page.getByRole("progressbar").getAttribute("aria-valuenow"), null);
  });

  test("quarters and states are read out, and nothing between", async () => {
    await using shown = await gallery.show({ section: "fairlead-transfer-progress", state: "just-begun" });
    const said = await shown.page.evaluate(async () => {
      const element = document.querySelector<FairleadTransferProgress>("fairlead-transfer-progress");
      const status = element?.shadowRoot?.querySelector("[role=status]");
      const texts: (string | null | undefined)[] = [];
      for (let percent = 0; percent <= 60; percent++) {
        if (element?.transfer === undefined) continue;
        element.transfer = { ...element.transfer, totalBytes: 1_000, restarts: 1, transferredBytes: percent * 10 };
        await element.updateComplete;
        texts.push(status?.textContent.trim());
      }
      if (element?.transfer !== undefined) element.transfer = { ...element.transfer, state: "paused" };
      await element?.updateComplete;
      return [...texts, status?.textContent.trim()].filter((each, index, all) => each !== all[index - 1]);
    });
    const name = "debian-13.2.0-amd64-netinst.iso";
    assert.deepEqual(said, ["", `${name}: 25%`, `${name}: 50%`, `${name}: Paused`]);
  });

  test("its buttons ask for what they say, with the transfer's id", async () => {
    await using shown = await gallery.show({ section: "fairlead-transfer-list", state: "mixed" });
    await shown.page.evaluate(() => {
      document.body.addEventListener("fairlead-transfer", (event) => {
        document.title += `${event.action} ${event.transferId};`;
      });
      document.title = "";
    });
    await shown.page.getByRole("button", { name: "Pause: backup-2026-11-22.tar.zst" }).click();
    await shown.page.getByRole("button", { name: "Resume: maps-europe.mbtiles" }).press("Enter");
    await shown.page.getByRole("button", { name: "Remove finished" }).click();
    await eventually(() => shown.page.title(), "pause 2;resume 3;remove 6;remove 7;");
    assert.deepEqual(shown.problems, []);
  });

  test("arrow keys go to the same button of the next, and Home and End to the ends", async () => {
    await using shown = await gallery.show({ section: "fairlead-transfer-list", state: "mixed" });
    const button = (name: string) => shown.page.getByRole("button", { name });
    const hasFocus = (name: string) => button(name).evaluate((each) => each.matches(":focus"));
    await button("Cancel: debian-13.2.0-amd64-netinst.iso").focus();
    await shown.page.keyboard.press("ArrowDown");
    await eventually(() => hasFocus("Cancel: backup-2026-11-22.tar.zst"), true);
    await shown.page.keyboard.press("End");
    await eventually(() => hasFocus("Try again: video.mp4"), true);
    await shown.page.keyboard.press("ArrowDown");
    await eventually(() => hasFocus("Try again: video.mp4"), true);
    await shown.page.keyboard.press("Home");
    await eventually(() => hasFocus("Pause: debian-13.2.0-amd64-netinst.iso"), true);
  });

  test("of a thousand, a change draws again what has changed alone", async () => {
    await using shown = await gallery.show({ section: "fairlead-transfer-list", state: "mixed" });
    const drawn = await shown.page.evaluate(async () => {
      const list = document.querySelector<FairleadTransferList>("fairlead-transfer-list");
      if (list === null) return undefined;
      const [transfer, ...others] = list.transfers;
      if (transfer === undefined) return undefined;
      list.transfers = Array.from({ length: 1_000 }, (_, index) => ({
        ...transfer,
        ...others[index % 7],
        id: String(index),
      }));
      await list.updateComplete;
      const rows = [...(list.shadowRoot?.querySelectorAll("fairlead-transfer-progress") ?? [])];
      const changed = new Set<string>();
      const observer = new MutationObserver((records) => {
        for (const { target } of records) {
          const row = rows.find(({ shadowRoot }) => shadowRoot === target.getRootNode());
          changed.add(row?.transfer?.id ?? "none");
        }
      });
      for (const { shadowRoot } of rows) {
        if (shadowRoot !== null) observer.observe(shadowRoot, { subtree: true, childList: true, characterData: true });
      }
      list.transfers = list.transfers.map((each) => (each.id === "8" ? { ...each, transferredBytes: 6e8 } : each));
      await list.updateComplete;
      await new Promise((resolve) => setTimeout(resolve));
      return { rows: rows.length, changed: [...changed] };
    });
    assert.deepEqual(drawn, { rows: 1_000, changed: ["8"] });
    assert.deepEqual(shown.problems, []);
  });
});
