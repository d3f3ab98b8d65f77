import type { MetricFamily } from "../observe/index.ts";
import type { DrainOptions } from "../life/index.ts";

/** What a primary tells its workers. The application's own messages have no `fairlead`. */
export type ToWorker =
  | {
      readonly fairlead: "start";
      /** Counts from 1; one that takes another's place has its number. */
      readonly number: number;
      readonly ticketKeys: string;
      /** Whether metrics are kept in any case. */
      readonly metrics: boolean;
      readonly at: { readonly port?: number; readonly host?: string; readonly path?: string };
    }
  | { readonly fairlead: "ticket-keys"; readonly ticketKeys: string }
  | { readonly fairlead: "count"; readonly question: number }
  | { readonly fairlead: "gathered"; readonly question: number; readonly metrics: readonly MetricFamily[] }
  | { readonly fairlead: "close"; readonly options: DrainOptions };

/** What a worker tells its primary. */
export type ToPrimary =
  | { readonly fairlead: "ready"; readonly url: string | undefined; readonly port: number | undefined }
  /** It does not start; what stands in the way is told to whoever has started the primary. */
  | { readonly fairlead: "failed"; readonly detail: string }
  | { readonly fairlead: "counted"; readonly question: number; readonly metrics: readonly MetricFamily[] }
  /** Somebody scrapes a worker, and is to see what all of them have counted. */
  | { readonly fairlead: "gather"; readonly question: number }
  /** The last of what it has counted. */
  | { readonly fairlead: "closed"; readonly metrics: readonly MetricFamily[] };

/** Whether a message is ours. Both ends are of one version: the primary starts the worker by its own code. */
export function isOurs(message: unknown): message is { readonly fairlead: string } {
  return typeof message === "object" && message !== null && "fairlead" in message;
}
