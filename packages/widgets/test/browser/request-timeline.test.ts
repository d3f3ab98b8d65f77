import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { eventually, skipWithoutBrowser } from "@fairlead/conformance/browser";
import type { FairleadRequestTimeline } from "@fairlead/widgets";
import { openGallery, type OpenGallery } from "./gallery.ts";

describe("<fairlead-request-timeline>", { skip: skipWithoutBrowser() }, () => {
  let gallery: OpenGallery;

  before(async () => {
    gallery = await openGallery();
  });

  after(async () => {
    await gallery[Symbol.asyncDispose]();
  });

  test("is a table, whose phases are there in words though the row is closed, and seen when it is opened", async () => {
    await using shown = await gallery.show({ section: "fairlead-request-timeline", state: "redirects" });
    const { page } = shown;
    const row = page.getByRole("table", { name: "Request timeline" }).getByRole("row").filter({ hasText: "301" });
    const phases = row.getByRole("cell").nth(3);
    await eventually(async () => (await phases.textContent()) ?? "", /Securing \(TLS\)\s*41ms/);
    const widthOf = async () => (await row.getByText("Securing (TLS)").boundingBox())?.width ?? 0;
    const word = row.locator(".visually-hidden");
    await eventually(() => word.count(), 1);
    await row.getByRole("button", { expanded: false }).press("Enter");
    await row.getByRole("button", { expanded: true }).waitFor();
    await eventually(() => word.count(), 0);
    await eventually(async () => (await widthOf()) > 40, true);
    assert.deepEqual(shown.problems, []);
  });

  test("names of what objects have are words of nobody", async () => {
    await using shown = await gallery.show({ section: "fairlead-request-timeline", state: "hostile" });
    await shown.page.getByText("Sent again: toString").waitFor();
    await shown.page.getByText("__proto__").waitFor();
    assert.equal(
      await shown.page.locator("fairlead-request-timeline img, fairlead-request-timeline script").count(),
      0,
    );
    assert.deepEqual(shown.problems, []);
  });

  test("of ten thousand hops the first and the last are drawn, and how many are between is told", async () => {
    await using shown = await gallery.show({ section: "fairlead-request-timeline", state: "one-hop" });
    const { page } = shown;
    await page.locator("fairlead-request-timeline").evaluate((element: FairleadRequestTimeline) => {
      const [hop] = element.hops;
      if (hop === undefined) throw new Error("there is no hop");
      element.hops = Array.from({ length: 10_000 }, (_, index) => ({
        ...hop,
        url: `https://harbour.example/${index}`,
      }));
    });
    await page.getByText("10,000 hops").waitFor();
    await page.getByRole("cell", { name: "and 9,500 more between" }).waitFor();
    assert.equal(await page.getByRole("row").count(), 502);
    const last = page.getByRole("row", { name: "https://harbour.example/9999" });
    await last.getByRole("button", { expanded: false }).click();
    await last.getByRole("button", { expanded: true }).waitFor();
    assert.equal(await page.getByRole("button", { expanded: true }).count(), 1);
    assert.deepEqual(shown.problems, []);
  });

  test("segments of a URL with letters that run from right to left stand in the order of the URL", async () => {
    for (const lang of ["en", "ar"] as const) {
      await using shown = await gallery.show({ section: "fairlead-request-timeline", state: "redirects", lang });
      const lefts = await shown.page
        .locator("fairlead-request-timeline")
        .evaluate(async (element: FairleadRequestTimeline) => {
          const [first] = element.hops;
          if (first === undefined) throw new Error("there is no hop");
          element.hops = [{ ...first, url: "https://example.org/זחט/יכל?אבג=דהו" }];
          await element.updateComplete;
          const drawn = element.shadowRoot?.querySelector(".url");
          if (drawn === null || drawn === undefined) throw new Error("there is no URL");
          return ["example", "זחט", "יכל", "אבג", "דהו"].map((piece) => {
            const walker = document.createTreeWalker(drawn, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
              const at = (node.nodeValue ?? "").indexOf(piece);
              if (at === -1) continue;
              const range = document.createRange();
              range.setStart(node, at);
              range.setEnd(node, at + piece.length);
              return range.getBoundingClientRect().left;
            }
            throw new Error(`${piece} is not in ${drawn.textContent}`);
          });
        });
      assert.deepEqual(
        lefts,
        lefts.toSorted((one, other) => one - other),
      );
      assert.deepEqual(shown.problems, []);
    }
  });
});
