import type { ConnectivityChange } from "@fairlead/access";
import type { ConnectivityHint, NetworkInterfaces, ProbeVerdict } from "@fairlead/http/connectivity";
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CONNECTED, LOOPBACK } from "./connected.ts";
import { NOTHING, ONLINE, PORTAL, settled, simulatedWorld } from "./simulated.ts";

type Step =
  | { readonly type: "wait"; readonly milliseconds: number }
  | { readonly type: "interfaces"; readonly interfaces: NetworkInterfaces }
  | { readonly type: "probe"; readonly probe: ProbeVerdict }
  | { readonly type: "hint"; readonly hint: ConnectivityHint }
  | { readonly type: "sleep"; readonly milliseconds: number }
  /** From now on each check finds that the network has changed under it. */
  | { readonly type: "flap" }
  | { readonly type: "listen" | "leave" };

const OTHER: NetworkInterfaces = { ...LOOPBACK, wlan0: [{ address: "198.51.100.7", internal: false }] };
const busy = (retryAfterMilliseconds: number): ProbeVerdict => ({ type: "none", retryAfterMilliseconds });

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ type: fc.constant("wait" as const), milliseconds: fc.integer({ min: 0, max: 100_000 }) }),
  fc.record({ type: fc.constant("interfaces" as const), interfaces: fc.constantFrom(CONNECTED, LOOPBACK, OTHER, {}) }),
  fc.record({ type: fc.constant("probe" as const), probe: fc.constantFrom(ONLINE, PORTAL, NOTHING, busy(30_000)) }),
  fc.record({
    type: fc.constant("hint" as const),
    hint: fc.constantFrom<ConnectivityHint>("name-mismatch", "slow-handshake", "unreachable"),
  }),
  fc.record({ type: fc.constant("sleep" as const), milliseconds: fc.integer({ min: 0, max: 10_000_000 }) }),
  fc.constant({ type: "flap" as const }),
  fc.record({ type: fc.constantFrom("listen" as const, "leave" as const) }),
);

test("whatever happens, checks are a second apart and only for who listens, and events tell one story", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const world = simulatedWorld();
      const { connectivity, clock, checks } = world;
      let told = connectivity.state;
      const listener = ({ state, previous, portalUrl }: ConnectivityChange): void => {
        assert.equal(previous, told);
        assert.ok(state !== previous || state === "portal");
        assert.equal(portalUrl !== undefined, state === "portal");
        told = state;
      };
      const audience = { listens: false };
      for (const each of steps) {
        const before = checks.length;
        await take(each);
        if (!audience.listens) {
          assert.equal(clock.waiting, 0);
          assert.equal(checks.length, before);
        }
        for (let index = Math.max(1, before); index < checks.length; index += 1) {
          assert.ok((checks[index] ?? 0) - (checks[index - 1] ?? 0) >= 1000, checks.join());
        }
      }
      if (!audience.listens || world.answer !== undefined) return;
      await clock.advance(700_000);
      const { type } = world.findings.probe ?? NOTHING;
      const isOffline = world.interfaces !== CONNECTED && world.interfaces !== OTHER;
      // What was online and is not any more shows when something happens, and not by itself.
      if (isOffline) assert.equal(connectivity.state, "offline");
      else if (type !== "online") assert.ok(connectivity.state !== "offline");
      else assert.equal(connectivity.state, "online");

      async function take(each: Step): Promise<void> {
        switch (each.type) {
          case "wait":
            return clock.advance(each.milliseconds);
          case "interfaces":
            world.interfaces = each.interfaces;
            return;
          case "probe":
            world.answer = undefined;
            world.findings = { probe: each.probe, api: undefined };
            return;
          case "flap":
            world.answer = () => {
              world.interfaces = world.interfaces === CONNECTED ? OTHER : CONNECTED;
              return Promise.resolve(world.findings);
            };
            return;
          case "hint":
            world.hints.tell(each.hint);
            return settled();
          case "sleep":
            clock.slept += each.milliseconds;
            return;
          case "listen":
            told = connectivity.state;
            audience.listens = true;
            connectivity.addEventListener("change", listener);
            return settled();
          case "leave":
            audience.listens = false;
            connectivity.removeEventListener("change", listener);
            return settled();
        }
      }
    }),
    {
      numRuns: 150,
      // The look that a check begins with finds another network.
      examples: [[[{ type: "listen" }, { type: "interfaces", interfaces: OTHER }, { type: "wait", milliseconds: 0 }]]],
    },
  );
});
