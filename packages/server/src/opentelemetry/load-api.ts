import { UsageError } from "@fairlead/core";
import { createRequire } from "node:module";
import type * as Api from "@opentelemetry/api";

/** What a version from 1.9 on has. */
export type OpenTelemetryApi = typeof Api;

/**
 * Finds the API that the application has installed. Of several copies each finds the tracer that was registered with
 * another.
 *
 * @throws UsageError PACKAGE_MISSING
 */
export function loadApi(require: NodeJS.Require = createRequire(import.meta.url)): OpenTelemetryApi {
  try {
    return require("@opentelemetry/api") as OpenTelemetryApi;
  } catch (cause) {
    throw new UsageError("PACKAGE_MISSING", {
      operation: "trace",
      detail: "@opentelemetry/api",
      remedy: "npm install @opentelemetry/api",
      cause,
    });
  }
}
