import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { eventually, skipWithoutBrowser, type TestedPage } from "@fairlead/conformance/browser";
import type { FairleadSignIn } from "@fairlead/widgets";
import { openGallery, type OpenGallery } from "./gallery.ts";

describe("<fairlead-sign-in>", { skip: skipWithoutBrowser() }, () => {
  let gallery: OpenGallery;

  before(async () => {
    gallery = await openGallery();
  });

  after(async () => {
    await gallery[Symbol.asyncDispose]();
  });

  const show = (state: string): Promise<TestedPage> => gallery.show({ section: "fairlead-sign-in", state });

  /** What the page is told, in order. */
  async function listen({ page }: TestedPage): Promise<() => Promise<unknown>> {
    await page.evaluate(() => {
      const told: unknown[] = [];
      Object.assign(window, { told });
      document.body.addEventListener("fairlead-sign-in", ({ credentials }) => told.push(credentials));
      document.body.addEventListener("fairlead-sign-in-cancel", () => told.push("cancel"));
    });
    return () => page.evaluate("told");
  }

  const typed = ({ page }: TestedPage): Promise<readonly string[]> =>
    page
      .locator("fairlead-sign-in")
      .evaluate((element) => [
        ...Array.from(element.shadowRoot?.querySelectorAll("input") ?? [], (input) => input.value),
        ...Array.from(element.shadowRoot?.querySelectorAll("*") ?? []).flatMap((each) =>
          Array.from(each.attributes, ({ value }) => value).filter((value) => value.includes("horse")),
        ),
      ]);

  test("hands over what was typed by keyboard alone, and forgets it", async () => {
    await using shown = await show("digest");
    const told = await listen(shown);
    const { keyboard } = shown.page;
    await keyboard.press("Tab");
    await keyboard.type("alice");
    await keyboard.press("Tab");
    await keyboard.type("correct horse");
    await eventually(() => typed(shown), ["alice", "correct horse"]);
    await keyboard.press("Enter");
    assert.deepEqual(await told(), [
      { type: "password", username: "alice", password: "correct horse", remember: "once" },
    ]);
    await eventually(() => typed(shown), ["", ""]);
    assert.deepEqual(shown.problems, []);
  });

  test("keeps what is to be remembered a choice, and never the first one", async () => {
    await using shown = await show("digest");
    const told = await listen(shown);
    await shown.page.getByLabel("User name").fill("alice");
    await shown.page.getByLabel("Remember").selectOption({ label: "Also after that" });
    await shown.page.getByRole("button", { name: "Sign in" }).click();
    await shown.page.getByLabel("User name").fill("bob");
    await shown.page.getByRole("button", { name: "Sign in" }).click();
    assert.deepEqual(await told(), [
      { type: "password", username: "alice", password: "", remember: "store" },
      { type: "password", username: "bob", password: "", remember: "once" },
    ]);
  });

  test("sends a password in the clear only after a deliberate act", async () => {
    await using shown = await show("basic-in-the-clear");
    const told = await listen(shown);
    await shown.page.getByLabel("User name").fill("alice");
    await shown.page.getByLabel("Password").fill("correct horse");
    await shown.page.getByRole("button", { name: "Sign in" }).click();
    assert.deepEqual(await told(), []);
    await eventually(() => shown.page.getByText("Confirm that it may be sent").count(), 1);
    await shown.page.getByLabel("Send it although").check();
    await shown.page.getByRole("button", { name: "Sign in" }).click();
    await eventually(async () => ((await told()) as readonly unknown[]).length, 1);
    await eventually(() => shown.page.getByLabel("Send it although").isChecked(), false);
  });

  test("forgets what was typed when it is cancelled, is asked something else, or leaves the page", async () => {
    await using shown = await show("digest");
    const told = await listen(shown);
    const password = shown.page.getByLabel("Password");
    await password.fill("correct horse");
    await shown.page.getByRole("button", { name: "Cancel" }).click();
    await eventually(async () => [await told(), await typed(shown)], [["cancel"], ["", ""]]);

    await password.fill("correct horse");
    await shown.page.locator("fairlead-sign-in").evaluate(async (element: FairleadSignIn) => {
      if (element.question !== undefined) element.question = { ...element.question, origin: "https://other.example" };
      await element.updateComplete;
    });
    await eventually(() => typed(shown), ["", ""]);

    await password.fill("correct horse");
    await shown.page.locator("fairlead-sign-in").evaluate((element) => {
      const { parentElement } = element;
      element.remove();
      parentElement?.append(element);
    });
    await eventually(() => typed(shown), ["", ""]);
  });

  test("shows the password while it is wished, and tells of caps lock", async () => {
    await using shown = await show("digest");
    const password = shown.page.getByLabel("Password");
    const button = shown.page.getByRole("button", { name: "Show what is typed" });
    await eventually(() => password.getAttribute("type"), "password");
    await button.click();
    await eventually(
      async () => [await password.getAttribute("type"), await button.getAttribute("aria-pressed")],
      ["text", "true"],
    );
    await password.evaluate((input) =>
      input.dispatchEvent(new KeyboardEvent("keydown", { key: "A", modifierCapsLock: true, bubbles: true })),
    );
    await eventually(() => shown.page.getByRole("status").textContent(), "Caps lock is on.");
  });

  test("quotes a realm as text that is the server's, and shows who asks without it", async () => {
    await using shown = await show("posing-realm");
    const quoted = await shown.page.locator("q").textContent();
    assert.ok(quoted?.includes("<b>Enter your ⟨U+202E⟩ password</b>"));
    assert.ok((quoted?.length ?? 0) < 160);
    await eventually(() => shown.page.locator(".asker").textContent(), "https://xn--pypal-4ve.example");
    await eventually(() => shown.page.locator("fairlead-sign-in b, fairlead-sign-in img").count(), 0);
    assert.deepEqual(shown.problems, []);
  });
});
