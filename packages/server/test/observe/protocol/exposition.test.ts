import { startPeer } from "@fairlead/conformance/peers";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { chooseExposition, formatMetrics, type ExpositionFormat } from "../../../src/observe/protocol/exposition.ts";
import type { MetricFamily } from "../../../src/observe/protocol/metric-family.ts";

const families: readonly MetricFamily[] = [
  {
    name: "orders_total",
    type: "counter",
    help: 'How many, with \\ and " and\na second line.',
    labelNames: ["route", "error_type"],
    bounds: [],
    series: [
      { labels: ["/a", ""], values: [3] },
      { labels: ['\\ " \n é \ud800', "CLIENT_GONE"], values: [0.5] },
    ],
  },
  {
    name: "queue_seconds",
    type: "histogram",
    help: "Waiting.",
    labelNames: ["queue"],
    bounds: [0.5, 1],
    series: [{ labels: ["x"], values: [2, 3, 4, 12.25] }],
  },
  { name: "open", type: "gauge", help: "", labelNames: [], bounds: [], series: [{ labels: [], values: [-7] }] },
];

test("metrics are written as Prometheus reads them", () => {
  assert.equal(
    formatMetrics(families.slice(1), "prometheus"),
    `# HELP queue_seconds Waiting.
# TYPE queue_seconds histogram
queue_seconds_bucket{queue="x",le="0.5"} 2
queue_seconds_bucket{queue="x",le="1.0"} 5
queue_seconds_bucket{queue="x",le="+Inf"} 9
queue_seconds_count{queue="x"} 9
queue_seconds_sum{queue="x"} 12.25
# HELP open${" "}
# TYPE open gauge
open -7
`,
  );
});

test("a counter is called without its suffix in OpenMetrics, and the end is marked", () => {
  const text = formatMetrics(families, "openmetrics");
  assert.match(text, /^# TYPE orders counter\norders_total\{route="\/a"\} 3$/m);
  assert.ok(text.endsWith("# EOF\n"));
});

describe("what Prometheus's own client reads", () => {
  const parsers: Readonly<Record<ExpositionFormat, string>> = {
    prometheus: "prometheus_client.parser",
    openmetrics: "prometheus_client.openmetrics.parser",
  };
  for (const format of ["prometheus", "openmetrics"] as const) {
    test(`is what was written: ${format}`, async () => {
      const program = `
import sys, json
from ${parsers[format]} import text_string_to_metric_families as parse
text = sys.stdin.buffer.read().decode("utf-8")
print(json.dumps([[f.type, f.documentation, [[s.name, s.labels, s.value] for s in f.samples]] for f in parse(text)]))`;
      // The one that Debian's packages are for, whatever else there is.
      await using python = await startPeer("/usr/bin/python3", ["-c", program]);
      python.type(formatMetrics(families, format));
      python.endInput();
      assert.equal(await python.ended(), 0, python.output);
      const bucket = (le: string, value: number): unknown => ["queue_seconds_bucket", { queue: "x", le }, value];
      assert.deepEqual(JSON.parse(python.output), [
        [
          "counter",
          'How many, with \\ and " and\na second line.',
          [
            ["orders_total", { route: "/a" }, 3],
            ["orders_total", { route: '\\ " \n é \ufffd', error_type: "CLIENT_GONE" }, 0.5],
          ],
        ],
        [
          "histogram",
          "Waiting.",
          [
            bucket("0.5", 2),
            bucket("1.0", 5),
            bucket("+Inf", 9),
            ["queue_seconds_count", { queue: "x" }, 9],
            ["queue_seconds_sum", { queue: "x" }, 12.25],
          ],
        ],
        ["gauge", "", [["open", {}, -7]]],
      ]);
    });
  }
});

describe("the format", () => {
  const scraper =
    "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4," +
    "text/plain;version=0.0.4;q=0.3,*/*;q=0.1";
  const cases: readonly [string | undefined, ExpositionFormat][] = [
    [undefined, "prometheus"],
    ["*/*", "prometheus"],
    ["text/plain", "prometheus"],
    [scraper, "openmetrics"],
    ["Application/OpenMetrics-Text", "openmetrics"],
    ["text/plain, application/openmetrics-text;q=0.5", "prometheus"],
    ["application/openmetrics-text;q=0", "prometheus"],
    ["application/openmetrics-text;q=much", "prometheus"],
  ];
  for (const [accept, format] of cases) {
    test(`for ${accept ?? "who does not say"} is that of ${format}`, () => {
      assert.equal(chooseExposition(accept), format);
    });
  }
});
