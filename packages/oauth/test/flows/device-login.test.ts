import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import { loginByDevice, OAuthError, openOAuthClient, type OAuthClient } from "@fairlead/oauth";
import type { Clock } from "../../src/flows/clock.ts";
import { decidePoll } from "../../src/flows/protocol/device-poll.ts";
import { assertNoSecrets } from "../fixtures/assert-no-secrets.ts";
import { openBrowser } from "../fixtures/browser.ts";
import { accessToken, exactly, refuse, startLiar, type LiarAnswer } from "../fixtures/liar.ts";
import { startProvider } from "../fixtures/provider.ts";

let manager: NetworkAccessManager;

before(async () => {
  manager = await openNetworkAccessManager();
});

after(() => manager.close());

function open(issuer: string, scope: readonly string[] = []): Promise<OAuthClient> {
  return openOAuthClient({ manager, issuer, clientId: "tool", scope });
}

/** Time that passes when it is waited for, and tells how long that was. */
function clock(onWait: (milliseconds: number) => void | Promise<void> = () => undefined): Clock & { waits: number[] } {
  let now = 1_000_000;
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    async wait(milliseconds, signal) {
      signal?.throwIfAborted();
      waits.push(milliseconds);
      now += milliseconds;
      await onWait(milliseconds);
    },
  };
}

test("somebody signs in on another device, while this one asks again and again", async () => {
  await using provider = await startProvider({ nonces: true });
  await using browser = await openBrowser();
  let shown: URL | undefined;
  const passing = clock(async () => {
    // Nobody has signed in when it is asked for the first time.
    if (passing.waits.length === 2 && shown !== undefined) await browser.walk(shown);
  });
  const client = await open(provider.issuer, ["openid", "profile"]);
  const tokens = await loginByDevice(client, {
    clock: passing,
    onCode: ({ userCode, verificationUri, verificationUriComplete }) => {
      assert.match(userCode, /^\w{4}-\w{4}$/);
      assert.equal(verificationUri, `${provider.issuer}/device`);
      shown = new URL(verificationUriComplete ?? "");
    },
  });
  assert.equal(tokens.claims?.sub, "ada");
  assert.equal(tokens.tokenType, "dpop");
  assert.deepEqual(client.tokens.current(), tokens);
  assert.deepEqual(passing.waits, [5_000, 5_000]);
});

test("a server that wants it slower is asked slower from then on, and one that is away half as often each time", async () => {
  const answers: (LiarAnswer | undefined)[] = [
    // As GitHub does.
    refuse(200, { error: "authorization_pending" }),
    refuse(400, { error: "slow_down" }),
    refuse(400, { error: "authorization_pending" }),
    exactly("", "text/html", 503),
    refuse(400, { error: "slow_down" }),
    undefined,
  ];
  await using liar = await startLiar({
    device: (honest) => ({ ...honest, interval: 2 }),
    token: (honest) => answers.shift() ?? honest,
  });
  const passing = clock();
  const tokens = await loginByDevice(await open(liar.issuer), { clock: passing, onCode: () => undefined });
  assert.equal(tokens.accessToken, accessToken);
  assert.deepEqual(passing.waits, [2_000, 2_000, 7_000, 7_000, 14_000, 19_000]);
});

test("a server that never decides is asked no longer than its code holds", async () => {
  await using liar = await startLiar({
    device: (honest) => ({ ...honest, expires_in: 60 }),
    token: () => refuse(400, { error: "authorization_pending" }),
  });
  const passing = clock();
  await assert.rejects(loginByDevice(await open(liar.issuer), { clock: passing, onCode: () => undefined }), (error) => {
    assert.ok(error instanceof OAuthError);
    assert.equal(error.error, "expired_token");
    assertNoSecrets(error, liar.secrets);
    return true;
  });
  assert.equal(passing.waits.length, 11);
});

test("a server that gives a year is asked for an hour", async () => {
  await using liar = await startLiar({
    device: (honest) => ({ ...honest, expires_in: 31_536_000, interval: 600 }),
    token: () => refuse(400, { error: "authorization_pending" }),
  });
  const passing = clock();
  await assert.rejects(loginByDevice(await open(liar.issuer), { clock: passing, onCode: () => undefined }), {
    error: "expired_token",
  });
  assert.equal(passing.waits.length, 5);
});

const refusals: readonly (readonly [title: string, device: Record<string, unknown>, code: string])[] = [
  ["an address that starts a program", { verification_uri: "javascript:alert(1)" }, "OAUTH_RESPONSE_INVALID"],
  ["a complete address that starts one", { verification_uri_complete: "file:///etc/passwd" }, "OAUTH_RESPONSE_INVALID"],
  ["a code that moves the cursor", { user_code: "\u001b[2JABCD" }, "OAUTH_RESPONSE_INVALID"],
  ["no code", { device_code: undefined }, "OAUTH_RESPONSE_INVALID"],
  ["no time", { expires_in: undefined }, "OAUTH_RESPONSE_INVALID"],
  ["questions without a pause", { interval: 0 }, "OAUTH_RESPONSE_INVALID"],
  ["no time at all", { expires_in: 0 }, "OAUTH_REFUSED"],
];
for (const [title, wrong, expected] of refusals) {
  test(`a device is not told of ${title}`, async () => {
    await using liar = await startLiar({ device: (honest) => ({ ...honest, ...wrong }) });
    await assert.rejects(
      loginByDevice(await open(liar.issuer), { clock: clock(), onCode: () => undefined }),
      (error) => {
        assert.equal((error as { readonly code?: unknown }).code, expected);
        assertNoSecrets(error, liar.secrets);
        return true;
      },
    );
  });
}

test("a server without the flow is not asked", async () => {
  await using liar = await startLiar({
    metadata: (honest) => ({ ...honest, device_authorization_endpoint: undefined }),
  });
  await assert.rejects(loginByDevice(await open(liar.issuer), { onCode: () => undefined }), {
    code: "OAUTH_CAPABILITY_MISSING",
  });
});

test("what the application throws as it shows the code is its own", async () => {
  await using liar = await startLiar();
  const failure = new Error("no terminal");
  const onCode = (): never => {
    throw failure;
  };
  await assert.rejects(loginByDevice(await open(liar.issuer), { onCode }), failure);
});

test("who gives up is answered by the reason of the signal, while time passes, too", async () => {
  await using liar = await startLiar({ token: () => refuse(400, { error: "authorization_pending" }) });
  const giving = new AbortController();
  const reason = new Error("enough");
  const onCode = (): void => {
    setImmediate(() => {
      giving.abort(reason);
    });
  };
  await assert.rejects(loginByDevice(await open(liar.issuer), { signal: giving.signal, onCode }), reason);
});

test("the time between two questions is never less than before (RFC 8628 section 3.5)", () => {
  const facts = { interval: 5_000, now: 0, expiresAt: 20_000 };
  assert.deepEqual(decidePoll("pending", facts), { type: "ask", interval: 5_000 });
  assert.deepEqual(decidePoll("slow-down", facts), { type: "ask", interval: 10_000 });
  assert.deepEqual(decidePoll("unreachable", facts), { type: "ask", interval: 10_000 });
  assert.deepEqual(decidePoll("pending", { ...facts, now: 15_000 }), { type: "expired" });
});
