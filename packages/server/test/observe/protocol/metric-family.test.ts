import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeMetrics, type MetricFamily } from "../../../src/observe/protocol/metric-family.ts";

function counter(series: MetricFamily["series"], more: Partial<MetricFamily> = {}): MetricFamily {
  return { name: "a_total", type: "counter", help: "", labelNames: ["l"], bounds: [], series, ...more };
}

test("what several processes have counted is added up by name and labels", () => {
  const merged = mergeMetrics([
    [
      counter([
        { labels: ["x"], values: [1, 2] },
        { labels: ["y"], values: [5] },
      ]),
    ],
    [counter([{ labels: ["x"], values: [10, 20] }]), counter([{ labels: [], values: [1] }], { name: "b_total" })],
    [],
  ]);
  assert.deepEqual(merged, [
    counter([
      { labels: ["x"], values: [11, 22] },
      { labels: ["y"], values: [5] },
    ]),
    counter([{ labels: [], values: [1] }], { name: "b_total" }),
  ]);
});

test("what is added up stays as it was", () => {
  const one = [counter([{ labels: ["x"], values: [1] }])];
  mergeMetrics([one, one]);
  assert.deepEqual(one, [counter([{ labels: ["x"], values: [1] }])]);
});

test("a family whose labels or bounds have changed is taken from the last that has it", () => {
  for (const change of [{ labelNames: ["m"] }, { bounds: [1] }, { type: "gauge" }] as const) {
    const last = counter([{ labels: ["x"], values: [2] }], change);
    assert.deepEqual(mergeMetrics([[counter([{ labels: ["x"], values: [1] }])], [last]]), [last]);
  }
});
