import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { eventually, skipWithoutBrowser, type TestedPage } from "@fairlead/conformance/browser";
import type { TlsChoice } from "@fairlead/widgets/tls-settings";
import { openGallery, type OpenGallery } from "./gallery.ts";

describe("<fairlead-tls-settings>", { skip: skipWithoutBrowser() }, () => {
  let gallery: OpenGallery;

  before(async () => {
    gallery = await openGallery();
  });

  after(async () => {
    await gallery[Symbol.asyncDispose]();
  });

  async function show(state: string): Promise<TestedPage & { readonly told: () => Promise<readonly TlsChoice[]> }> {
    const shown = await gallery.show({ section: "fairlead-tls-settings", state });
    await shown.page.evaluate(() => {
      const told: unknown[] = [];
      Object.assign(window, { told });
      document.body.addEventListener("fairlead-tls-settings", ({ choice }) => told.push(choice));
    });
    return { ...shown, told: () => shown.page.evaluate<readonly TlsChoice[]>("told") };
  }

  test("makes what is stronger at once, by keyboard, too", async () => {
    await using shown = await show("compatible");
    const { told } = shown;
    await shown.page.getByLabel("Modern").focus();
    await shown.page.keyboard.press("Space");
    await eventually(async () => (await told()).map(({ minVersion }) => minVersion), ["TLSv1.3"]);
    await eventually(() => shown.page.getByRole("dialog").count(), 0);
    assert.deepEqual(shown.problems, []);
  });

  test("names what is lost, keeps all as it is by Escape, and changes it when that is confirmed", async () => {
    await using shown = await show("compatible");
    const { told } = shown;
    const { page } = shown;
    const every = page.getByLabel("Let in every server");
    await every.click();
    await page.getByRole("dialog").getByText("Nobody checks who the server is").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await eventually(async () => [await every.isChecked(), await told()], [false, []]);

    await every.click();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await eventually(async () => [await every.isChecked(), await told()], [false, []]);

    await every.click();
    await page.getByRole("button", { name: "Change it all the same" }).click();
    await page.getByText("While these settings last").waitFor();
    await eventually(() => every.isChecked(), true);
    await eventually(async () => (await told()).at(-1)?.dangerous.acceptAnyCertificate, true);
  });

  test("says what falls away with another library, and why something cannot be", async () => {
    await using shown = await show("modern");
    const { told } = shown;
    const { page } = shown;
    await page.getByRole("radio", { name: "old Old 1" }).click();
    await page.getByRole("dialog").getByText("encryption: AES_256_GCM, CHACHA20_POLY1305").waitFor();
    await page.getByRole("button", { name: "Keep it as it is" }).click();
    await eventually(() => page.getByRole("radio", { name: "gnutls" }).isChecked(), true);

    await page.getByLabel("Pinned keys").fill("not a pin");
    await page.getByLabel("Pinned keys").blur();
    await page.getByRole("alert").getByText("44 characters").waitFor();
    await eventually(() => page.getByLabel("Pinned keys").inputValue(), "");
    assert.deepEqual(await told(), []);
  });

  test("takes one algorithm in and out, and keeps the last one", async () => {
    await using shown = await show("modern");
    const { told } = shown;
    const { page } = shown;
    for (const name of ["AES_256_GCM", "AES_128_GCM"]) await page.getByLabel(name, { exact: true }).click();
    await page.getByLabel("CHACHA20_POLY1305").click();
    await page.getByText("One encryption has to stay.").waitFor();
    await eventually(async () => (await told()).at(-1)?.ciphers, ["CHACHA20_POLY1305"]);
    await eventually(() => page.getByLabel("CHACHA20_POLY1305").isChecked(), true);
  });

  test("a name in Latin letters stands beside its box where the words run from right to left", async () => {
    await using shown = await gallery.show({ section: "fairlead-tls-settings", state: "compatible", lang: "ar" });
    const option = shown.page.locator("label").filter({ has: shown.page.getByText("CN=Test Authority") });
    const widthOf = async (selector: string) => (await option.locator(selector).boundingBox())?.width ?? 0;
    await eventually(async () => (await widthOf("bdi")) < 200, true);
    await eventually(async () => (await widthOf("bdi")) > 40, true);
    assert.deepEqual(shown.problems, []);
  });
});
