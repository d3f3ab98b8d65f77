import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { startTestNetwork } from "@fairlead/testserver";
import { networkStressKinds, stressNetwork } from "@fairlead/testserver/stress";

test("a network under stress has its clock off, is held up, and answers all the same, until the stress ends", async () => {
  await using network = await startTestNetwork({ services: ["http"] });
  const options = { seed: 3, durationMilliseconds: 600_000 };
  const stress = await stressNetwork(network, {
    kinds: networkStressKinds.filter((kind) => kind !== "memory"),
    ...options,
  });
  assert.deepEqual(Object.keys(stress.plan), ["seed", "durationMilliseconds", "cpu", "clock-skew", "scheduling"]);
  assert.equal(Math.round(network.clock.offsetMilliseconds / 1000), stress.plan["clock-skew"]?.offsetSeconds);
  assert.equal((await fetch(`${network.http.origin}/json`)).status, 200);

  await stress[Symbol.asyncDispose]();
  await stress[Symbol.asyncDispose]();
  assert.equal(Math.round(network.clock.offsetMilliseconds / 1000), 0);
});

test("stress beside a network ends by itself when its time is up", async () => {
  await using network = await startTestNetwork({ services: ["http"] });
  await using stress = await stressNetwork(network, { kinds: ["clock-skew"], seed: 3, durationMilliseconds: 50 });
  assert.notEqual(stress.plan["clock-skew"]?.offsetSeconds, 0);
  while (Math.round(network.clock.offsetMilliseconds / 1000) !== 0) await delay(5);
});
