import {
  decideConnectivity,
  NO_VERDICT,
  type CaptivePortalDocument,
  type ConnectivityFindings,
  type ConnectivityState,
  type ProbeVerdict,
} from "@fairlead/http/connectivity";
import assert from "node:assert/strict";
import { describe, test } from "node:test";

const said: CaptivePortalDocument = {
  captive: true,
  userPortalUrl: "https://portal.example/",
  venueInfoUrl: undefined,
  canExtendSession: true,
  secondsRemaining: 60,
  bytesRemaining: undefined,
};
const out: CaptivePortalDocument = { ...said, captive: false };
const online: ProbeVerdict = { type: "online" };
const portal: ProbeVerdict = { type: "portal", portalUrl: "http://login.example/", source: "redirect" };

describe("what a probe and the API come to together", () => {
  type Row = readonly [ConnectivityFindings["probe"], ConnectivityFindings["api"], ConnectivityState];
  const table: readonly Row[] = [
    [online, undefined, "online"],
    [portal, undefined, "portal"],
    [NO_VERDICT, undefined, "local"],
    [undefined, said, "portal"],
    [undefined, out, "online"],
    [undefined, "none", "local"],
    [undefined, undefined, "local"],
    [online, "none", "online"],
    [portal, "none", "portal"],
    [NO_VERDICT, "none", "local"],
    [online, said, "portal"],
    [portal, said, "portal"],
    [NO_VERDICT, said, "portal"],
    [online, out, "online"],
    [portal, out, "portal"],
    [NO_VERDICT, out, "local"],
  ];
  for (const [probe, api, state] of table) {
    const name = api === undefined || api === "none" ? String(api) : api.captive ? "captive" : "not captive";
    test(`probe ${String(probe?.type)}, API ${name}: ${state}`, () => {
      assert.equal(decideConnectivity({ probe, api }).state, state);
    });
  }

  test("the API's URL is the portal's, and the redirect's where it says none", () => {
    assert.deepEqual(
      [said, { ...said, userPortalUrl: undefined }].map((api) => {
        const found = decideConnectivity({ probe: portal, api }).portal;
        return [found?.url, found?.source, found?.canExtendSession];
      }),
      [
        ["https://portal.example/", "api", true],
        ["http://login.example/", "redirect", true],
      ],
    );
  });

  test("online, it tells about the session", () => {
    const { portal: found } = decideConnectivity({ probe: online, api: out });
    assert.deepEqual([found?.secondsRemaining, found?.source], [60, "api"]);
    assert.equal(decideConnectivity({ probe: online, api: undefined }).portal, undefined);
  });
});
