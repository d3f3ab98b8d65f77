import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import { startChromium, type Chromium } from "@fairlead/conformance/peers";
import { login, openOAuthClient } from "@fairlead/oauth";
import { drivePage, type DrivenPage } from "../fixtures/driven-page.ts";
import { code, startLiar } from "../fixtures/liar.ts";
import { startProvider } from "../fixtures/provider.ts";

describe("in Chromium", () => {
  let manager: NetworkAccessManager;
  let chromium: Chromium;
  let page: DrivenPage;

  before(async () => {
    manager = await openNetworkAccessManager();
    chromium = await startChromium({ url: "about:blank", isDebuggable: true });
    page = await drivePage(await chromium.debuggerUrl());
  });

  after(async () => {
    page[Symbol.dispose]();
    await chromium[Symbol.asyncDispose]();
    await manager.close();
  });

  const press = (title: string): string =>
    `document.title === "${title}" && document.readyState === "complete" ? (document.getElementById("go").click(), true) : null`;
  const shown = `document.querySelector("h1") === null ? null : document.documentElement.outerHTML`;

  test("somebody signs in, allows it, and sees that it went well", async () => {
    await using provider = await startProvider();
    const { issuer } = provider;
    const client = await openOAuthClient({ manager, issuer, clientId: "tool", scope: ["openid", "offline_access"] });
    let seen: Promise<unknown> | undefined;
    const tokens = await login(client, {
      prompt: "consent",
      onAuthorizationUrl: async (url) => {
        await page.goto(url);
        await page.until(press("login"));
        await page.until(press("consent"));
        seen = page.until(shown);
      },
    });
    assert.equal(tokens.claims?.sub, "ada");
    assert.match(String(await seen), /<h1>Signed in<\/h1>/);
  });

  test("scripts in all that comes back run nowhere, and nothing of it is on the page", async () => {
    await using liar = await startLiar();
    const client = await openOAuthClient({ manager, issuer: liar.issuer, clientId: "tool" });
    const script = `"><script>document.title="ran"</script><img src=x onerror="document.title='ran'">`;
    let seen: Promise<unknown> | undefined;
    const refused = login(client, {
      onAuthorizationUrl: async (url) => {
        const answer = new URL(url.searchParams.get("redirect_uri") ?? "");
        const state = url.searchParams.get("state") ?? "";
        const said = { code, state, iss: liar.issuer, error: script, error_description: script, [script]: script };
        for (const [name, value] of Object.entries(said)) answer.searchParams.set(name, value);
        answer.hash = script;
        seen = page
          .goto(answer)
          .then(() => page.until(`${shown} && document.title + document.documentElement.outerHTML`));
        await seen;
      },
    });
    await assert.rejects(refused, { code: "OAUTH_REFUSED" });
    const html = String(await seen);
    assert.match(html, /^Not signed in</);
    assert.doesNotMatch(html, /ran|script|img|onerror|code-that/);
  });
});
