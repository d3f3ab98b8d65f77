import { UsageError } from "@fairlead/core";
import type { MetricFamily, MetricSeries } from "./protocol/metric-family.ts";

/** What a metric is called, and what it is told apart by. */
export interface MetricOptions {
  /** `orders_placed_total`, `queue_wait_seconds`; that of a counter ends in `_total`. */
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[] | undefined;
}

/** Goes up only. */
export interface Counter {
  /** @param labels in the order of their names. */
  add(labels?: readonly string[], amount?: number): void;
}

/** Sorts what it is told by size. */
export interface Histogram {
  observe(labels: readonly string[], value: number): void;
}

/** How much is kept. */
export interface MetricRegistryOptions {
  /** Sets of labels for one name; further ones are counted together, each label as `_OTHER`. 1,000 by default. */
  readonly seriesPerFamily?: number | undefined;
}

/** Metrics by name: those of the server, and of the application beside them. */
export class MetricRegistry {
  readonly #families = new Map<string, () => MetricFamily>();
  readonly #limit: number;

  constructor({ seriesPerFamily = 1_000 }: MetricRegistryOptions = {}) {
    this.#limit = seriesPerFamily;
  }

  /** @throws UsageError OPTION_INVALID for a name that is taken, or none. */
  counter(options: MetricOptions): Counter {
    const series = this.#add("counter", options, []);
    return {
      add: (labels = [], amount = 1) => {
        const values = series(labels);
        values[0] = (values[0] ?? 0) + amount;
      },
    };
  }

  /** Has a gauge read when somebody looks. @throws UsageError OPTION_INVALID */
  gauge(options: Omit<MetricOptions, "labelNames">, read: () => number): void {
    this.#read("gauge", options, read);
  }

  /** Has a counter read that somebody else keeps. @throws UsageError OPTION_INVALID */
  total(options: Omit<MetricOptions, "labelNames">, read: () => number): void {
    this.#read("counter", options, read);
  }

  /** @param bounds rising. @throws UsageError OPTION_INVALID */
  histogram(options: MetricOptions, bounds: readonly number[]): Histogram {
    const series = this.#add("histogram", options, bounds);
    return {
      observe: (labels, value) => {
        const values = series(labels);
        let bucket = 0;
        while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket += 1;
        values[bucket] = (values[bucket] ?? 0) + 1;
        const sum = bounds.length + 1;
        values[sum] = (values[sum] ?? 0) + value;
      },
    };
  }

  /** What is counted until now. */
  snapshot(): readonly MetricFamily[] {
    return Array.from(this.#families.values(), (read) => read());
  }

  #read(type: "gauge" | "counter", { name, help }: MetricOptions, read: () => number): void {
    this.#claim(name, []);
    const family = { name, help, type, labelNames: [], bounds: [] };
    this.#families.set(name, () => ({ ...family, series: [{ labels: [], values: [read()] }] }));
  }

  #add(
    type: "counter" | "histogram",
    options: MetricOptions,
    bounds: readonly number[],
  ): (labels: readonly string[]) => number[] {
    const { name, help, labelNames = [] } = options;
    this.#claim(name, labelNames);
    const all = new Map<string, MetricSeries & { readonly values: number[] }>();
    const length = type === "histogram" ? bounds.length + 2 : 1;
    const make = (key: string, labels: readonly string[]): number[] => {
      const values = new Array<number>(length).fill(0);
      all.set(key, { labels, values });
      return values;
    };
    // What has no labels is there before it happens, so that its rate is known from the first time on.
    if (labelNames.length === 0) make("", []);
    const family = { name, help, type, labelNames, bounds };
    this.#families.set(name, () => ({
      ...family,
      series: Array.from(all.values(), ({ labels, values }) => ({ labels, values: [...values] })),
    }));
    return (labels) => {
      const key = labels.join("\0");
      const known = all.get(key);
      if (known !== undefined) return known.values;
      if (all.size < this.#limit) return make(key, [...labels]);
      const others = labelNames.map(() => "_OTHER");
      const rest = others.join("\0");
      return all.get(rest)?.values ?? make(rest, others);
    };
  }

  #claim(name: string, labelNames: readonly string[]): void {
    const isNamed = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name);
    const isLabelled = labelNames.every((label) => /^(?!__|le$)[a-zA-Z_][a-zA-Z0-9_]*$/.test(label));
    if (isNamed && isLabelled && !this.#families.has(name)) return;
    const remedy = "give each metric a name of its own, of letters, digits and underscores";
    throw new UsageError("OPTION_INVALID", { detail: `metric ${name}`, remedy });
  }
}
