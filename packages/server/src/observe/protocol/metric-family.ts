/** What is counted under one name. Plain data: it passes between processes as JSON. */
export interface MetricFamily {
  /** By the conventions of Prometheus, with its unit; that of a counter ends in `_total`. */
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labelNames: readonly string[];
  /** Of a histogram, rising; what lies beyond the last is counted, too. Empty for the others. */
  readonly bounds: readonly number[];
  readonly series: readonly MetricSeries[];
}

/** The figures for one set of labels. */
export interface MetricSeries {
  /** Values of the labels, in the order of their names; one that is empty does not apply. */
  readonly labels: readonly string[];
  /** One value; of a histogram the number of those up to each bound, of those beyond the last, and the sum of all. */
  readonly values: readonly number[];
}

/**
 * Adds up what several processes have counted, gauges too: connections of workers are connections of all of them. A family
 * that changed its labels or bounds on the way is taken as it is in the last that has it.
 */
export function mergeMetrics(snapshots: readonly (readonly MetricFamily[])[]): readonly MetricFamily[] {
  const merged = new Map<string, { readonly family: MetricFamily; readonly series: Map<string, MetricSeries> }>();
  for (const family of snapshots.flat()) {
    const known = merged.get(family.name);
    const entry =
      known !== undefined && isAlike(known.family, family)
        ? known
        : { family, series: new Map<string, MetricSeries>() };
    if (entry !== known) merged.set(family.name, entry);
    for (const { labels, values } of family.series) {
      const key = labels.join("\0");
      const before = entry.series.get(key)?.values;
      entry.series.set(key, { labels, values: values.map((value, index) => value + (before?.[index] ?? 0)) });
    }
  }
  return Array.from(merged.values(), ({ family, series }) => ({ ...family, series: [...series.values()] }));
}

function isAlike(left: MetricFamily, right: MetricFamily): boolean {
  return (
    left.type === right.type &&
    left.labelNames.join() === right.labelNames.join() &&
    left.bounds.join() === right.bounds.join()
  );
}
