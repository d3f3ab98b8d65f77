/** Spans of OpenTelemetry for what a server answers; needs the package `@opentelemetry/api`, which is optional. */
export { tracing, type TracingOptions } from "./tracing.ts";
