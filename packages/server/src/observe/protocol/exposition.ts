import type { MetricFamily, MetricSeries } from "./metric-family.ts";

/** How metrics are written down. */
export type ExpositionFormat = "prometheus" | "openmetrics";

/** The media types of the formats. */
export const expositionTypes: Readonly<Record<ExpositionFormat, string>> = {
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

/**
 * Writes metrics down for Prometheus, or by OpenMetrics.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 * @see https://prometheus.io/docs/specs/om/open_metrics_spec/
 */
export function formatMetrics(families: readonly MetricFamily[], format: ExpositionFormat): string {
  const isOpen = format === "openmetrics";
  return families.map((family) => formatFamily(family, isOpen)).join("") + (isOpen ? "# EOF\n" : "");
}

/** The format that a scraper likes best; that of Prometheus where it does not say. RFC 9110 section 12.5.1. */
export function chooseExposition(accept: string | undefined): ExpositionFormat {
  const quality = (type: string): number => {
    const offers = (accept ?? "")
      .toLowerCase()
      .split(",")
      .map((offer) => offer.split(";").map((part) => part.trim()));
    const weights = offers.filter(([name]) => name === type).map(([, ...parameters]) => weightOf(parameters));
    return Math.max(0, ...weights);
  };
  const open = quality("application/openmetrics-text");
  return open > 0 && open >= quality("text/plain") ? "openmetrics" : "prometheus";
}

function weightOf(parameters: readonly string[]): number {
  const weight = parameters.find((parameter) => parameter.startsWith("q="));
  if (weight === undefined) return 1;
  const value = Number(weight.slice("q=".length));
  return value >= 0 && value <= 1 ? value : 0;
}

function formatFamily(family: MetricFamily, isOpen: boolean): string {
  const { name, type, help } = family;
  // In OpenMetrics the family of a counter is called without the suffix that its series have.
  const called = isOpen && type === "counter" ? name.replace(/_total$/, "") : name;
  const text = help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  const head = `# HELP ${called} ${isOpen ? text.replaceAll('"', '\\"') : text}\n# TYPE ${called} ${type}\n`;
  return head + family.series.map((series) => formatSeries(family, series)).join("");
}

function formatSeries(family: MetricFamily, { labels, values }: MetricSeries): string {
  const { name, type, bounds } = family;
  const pairs = family.labelNames.flatMap((label, index) => pairOf(label, labels[index] ?? ""));
  if (type !== "histogram") return `${name}${braced(pairs)} ${formatNumber(values[0] ?? 0)}\n`;
  let count = 0;
  let lines = "";
  for (const [index, bound] of [...bounds, Infinity].entries()) {
    count += values[index] ?? 0;
    lines += `${name}_bucket${braced([...pairs, `le="${formatBound(bound)}"`])} ${String(count)}\n`;
  }
  const sum = values[bounds.length + 1] ?? 0;
  return `${lines}${name}_count${braced(pairs)} ${String(count)}\n${name}_sum${braced(pairs)} ${formatNumber(sum)}\n`;
}

/** An empty label is one that is not there. */
function pairOf(name: string, value: string): readonly string[] {
  if (value === "") return [];
  const escaped = value.toWellFormed().replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
  return [`${name}="${escaped}"`];
}

function braced(pairs: readonly string[]): string {
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function formatNumber(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  return Number.isFinite(value) ? String(value) : value > 0 ? "+Inf" : "-Inf";
}

/** The same bound is the same text everywhere, and OpenMetrics wants a decimal point in it. */
function formatBound(bound: number): string {
  return Number.isInteger(bound) ? `${String(bound)}.0` : formatNumber(bound);
}
