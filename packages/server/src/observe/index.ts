/** What a server tells about itself: metrics, an access log. */
export { httpMetrics, type HttpMetrics, type HttpMetricsOptions } from "./http-metrics.ts";
export {
  MetricRegistry,
  type Counter,
  type Histogram,
  type MetricOptions,
  type MetricRegistryOptions,
} from "./metric-registry.ts";
export { mergeMetrics, type MetricFamily, type MetricSeries } from "./protocol/metric-family.ts";
export { accessLog, type AccessLog, type AccessLogOptions } from "./access-log.ts";
export { nameRoute } from "./route.ts";
