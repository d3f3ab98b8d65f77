/** Spans of OpenTelemetry for what a manager sends; needs the package `@opentelemetry/api`, which is optional. */
export { instrument, type InstrumentOptions, type Observable } from "./instrument.ts";
