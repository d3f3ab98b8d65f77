import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { asking, password, statusOf } from "../authentication/asking.ts";
import { basicListener, serve } from "../authentication/authenticating-server.ts";
import { networkFixture } from "../network-fixture.ts";

const fixture = networkFixture();
const page = (path: string): string => `${fixture.network.origin("https", "a.fairlead.test")}${path}`;
const sent = (): unknown => fixture.network.requests.at(-1)?.headers["cookie"];

describe("a manager takes over what another one exported", () => {
  test("cookies that are sent, and credentials that nobody is asked for, at once", async () => {
    await using server = await serve(basicListener(() => ({ realm: "one", user: "me:secret" })));
    const authentication = { dangerous: { sendSecretsInTheClear: true } };
    await using one = await fixture.open({ authentication, ...asking(password("me", "secret", "store")) });
    await statusOf(one, page(`/cookies/set-raw?value=${encodeURIComponent("kept=1; Max-Age=60; Path=/")}`));
    assert.equal(await statusOf(one, server.origin), 200);

    await using other = await fixture.open({ authentication, ...asking({ type: "none" }) });
    assert.equal(await statusOf(other, page("/echo")), 200);
    const { bytes, counts } = await one.exportMemory({ secrets: true });
    assert.deepEqual([counts.cookies, counts.credentials], [1, 1]);
    const imported = await other.importMemory(bytes);
    assert.deepEqual(imported.counts.cookies, 1);
    await statusOf(other, page("/echo"));
    assert.equal(sent(), "kept=1");
    assert.equal(await statusOf(other, server.origin), 200);
  });

  test("and keeps what it has where the file is refused", async () => {
    await using manager = await fixture.open();
    await statusOf(manager, page(`/cookies/set-raw?value=${encodeURIComponent("kept=1; Max-Age=60; Path=/")}`));
    const { bytes } = await manager.exportMemory({ secrets: true });
    await manager.clear();
    const broken = Buffer.from(Buffer.from(bytes).toString().replaceAll("a.fairlead.test", "a fairlead test"));
    await assert.rejects(manager.importMemory(broken), { name: "StoreError", code: "IMPORT_INVALID" });
    assert.deepEqual(manager.store.collectionNames(), []);
    await statusOf(manager, page("/echo"));
    assert.equal(sent(), undefined);
  });
});
