/** How a server lives and ends: draining, signals of the process, health. */
export {
  closeOnSignals,
  type Closable,
  type CloseOnSignalsOptions,
  type ClosingOnSignals,
} from "./close-on-signals.ts";
export { health, type Health, type HealthCheck, type HealthOptions } from "./health.ts";
export { OpenConnections, type Drainable, type DrainOptions } from "./open-connections.ts";
