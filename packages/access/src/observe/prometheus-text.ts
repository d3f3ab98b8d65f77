import { UsageError } from "@fairlead/core";
import type { Counters, Histogram } from "./counters.ts";

/** How counters are written. */
export interface PrometheusTextOptions {
  /** What every sample is labelled with, such as `{ service: "mail" }`; nothing by default. */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * `prometheus` is `text/plain; version=0.0.4`, which every scraper takes; `openmetrics` is
   * `application/openmetrics-text; version=1.0.0`. The former by default.
   */
  readonly format?: "prometheus" | "openmetrics";
}

type Labels = Readonly<Record<string, string>>;

/** What has one name, and its samples; a counter's are named with `_total` at the end. */
interface Family {
  readonly name: string;
  readonly type: "counter" | "gauge";
  readonly help: string;
  readonly unit?: "bytes";
  readonly samples: readonly (readonly [labels: Labels, value: number])[];
}

/**
 * Writes counters as a page that Prometheus scrapes. The labels of a sample are classes, codes and reasons, never URLs or
 * hosts: what a page of others' names does to the one who collects it is known.
 *
 * @throws UsageError OPTION_INVALID for a label that cannot be.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/, https://prometheus.io/docs/specs/om/open_metrics_spec/
 *
 * @example
 * response.setHeader("content-type", "text/plain; version=0.0.4").end(prometheusText(manager.counters()));
 */
export function prometheusText(counters: Counters, { labels = {}, format }: PrometheusTextOptions = {}): string {
  for (const name of Object.keys(labels)) {
    if (!/^(?!__)[a-zA-Z_][a-zA-Z\d_]*$/.test(name) || OWN_LABELS.has(name)) throw invalid(name);
  }
  const isOpen = format === "openmetrics";
  const lines = families(counters).flatMap((family) => formatFamily(family, labels, isOpen));
  lines.push(...formatDuration(counters.requests.duration, labels, isOpen));
  if (isOpen) lines.push("# EOF");
  return `${lines.join("\n")}\n`;
}

const OWN_LABELS: ReadonlySet<string> = new Set(["code", "le", "outcome", "reason", "session", "status", "use"]);

function families({ requests, hops, cache, connections, tlsHandshakes, bytes }: Counters): readonly Family[] {
  return [
    counter("requests_started", "Requests that the application has begun.", requests.started),
    {
      name: "fairlead_requests_active",
      type: "gauge",
      help: "Requests whose last byte is still to come.",
      samples: [[{}, requests.active]],
    },
    counter(
      "responses",
      "Requests that ended with a response, by the class of its status.",
      requests.responses,
      "status",
    ),
    counter("errors", "Requests that ended with an error, by its code.", requests.errors, "code"),
    counter("hops", "Times that a server was asked.", hops.network),
    counter("redirects", "Redirects that were followed.", hops.redirects),
    counter("hsts_upgrades", "Requests that were turned to https as the host is known to want it.", hops.hstsUpgrades),
    counter("repeats", "Times that a hop was sent again, by the reason.", hops.repeats, "reason"),
    counter("cache", "What a cache might have answered, by how it was.", { ...cache }, "use"),
    counter("connections_opened", "Connections that were opened.", connections.opened),
    counter("connections_failed", "Connections that could not be opened.", connections.failed),
    counter("connections_closed", "Connections that were opened, and are closed.", connections.closed),
    counter("connections_reused", "Hops on a connection that had served before.", connections.reused),
    counter("tls_handshakes", "Handshakes with origins, by whether a session was resumed.", tlsHandshakes, "session"),
    { ...counter("sent_body_bytes", "Bytes of requests' bodies over the wire.", bytes.sent), unit: "bytes" },
    { ...counter("received_body_bytes", "Bytes of responses' bodies over the wire.", bytes.received), unit: "bytes" },
  ];
}

/** @param value one, or several by the values of a label. */
function counter(name: string, help: string, value: number | Readonly<Record<string, number>>, label = ""): Family {
  const samples =
    typeof value === "number"
      ? [[{}, value] as const]
      : Object.entries(value).map(([key, count]) => [{ [label]: key }, count] as const);
  return { name: `fairlead_${name}`, type: "counter", help, samples };
}

/** OpenMetrics names a family of counters without the end that its samples have. */
function formatFamily({ name, type, help, unit, samples }: Family, common: Labels, isOpen: boolean): readonly string[] {
  const sampleName = type === "counter" ? `${name}_total` : name;
  return [
    ...formatHead(isOpen ? name : sampleName, type, help, isOpen ? unit : undefined),
    ...samples.map(([labels, value]) => formatSample(sampleName, { ...common, ...labels }, value)),
  ];
}

function formatDuration({ buckets, sumSeconds, count }: Histogram, common: Labels, isOpen: boolean): readonly string[] {
  const name = "fairlead_request_duration_seconds";
  const bucket = (le: string, value: number): string => formatSample(`${name}_bucket`, { ...common, le }, value);
  return [
    ...formatHead(name, "histogram", "From the call to the last byte of the response.", isOpen ? "seconds" : undefined),
    ...buckets.map((each) => bucket(formatBound(each.seconds), each.count)),
    bucket("+Inf", count),
    formatSample(`${name}_sum`, common, sumSeconds),
    formatSample(`${name}_count`, common, count),
  ];
}

function formatHead(name: string, type: string, help: string, unit: string | undefined): readonly string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]),
  ];
}

function formatSample(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${String(value)}`;
}

/** A float in OpenMetrics, which the other format takes as well. */
function formatBound(seconds: number): string {
  return Number.isInteger(seconds) ? seconds.toFixed(1) : String(seconds);
}

function escapeLabel(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n");
}

function invalid(name: string): UsageError {
  return new UsageError("OPTION_INVALID", {
    operation: "format",
    detail: `labels.${name.slice(0, 40)}`,
    remedy: "name labels with letters, digits and underscores, and with none of the names that are in use",
  });
}
