import { requireMilliseconds } from "../../deadline.ts";

/** How HTTP/2 is spoken. */
export interface Http2Settings {
  /** How long a connection is kept that nobody uses, in milliseconds; 60 s by default. */
  readonly idleMilliseconds?: number;
  /**
   * Silence after which a connection that is used again is asked for a sign of life, in milliseconds; 10 s by default.
   * Requests that may be repeated do not wait for it.
   */
  readonly pingAfterMilliseconds?: number;
  /** How long that sign may take before the connection is given up, in milliseconds; 5 s by default. */
  readonly pingTimeoutMilliseconds?: number;
  /** Whether one connection may serve several origins that its certificate is for; true by default. */
  readonly coalesce?: boolean;
}

/** The settings where none are named. */
export const DEFAULT_HTTP2_SETTINGS: Required<Http2Settings> = {
  idleMilliseconds: 60_000,
  pingAfterMilliseconds: 10_000,
  pingTimeoutMilliseconds: 5_000,
  coalesce: true,
};

/**
 * Completes the settings; `undefined` where HTTP/2 is turned off.
 *
 * @throws UsageError OPTION_INVALID
 */
export function http2Settings(option: boolean | Http2Settings = true): Required<Http2Settings> | undefined {
  if (option === false) return undefined;
  const settings = { ...DEFAULT_HTTP2_SETTINGS, ...(option === true ? {} : option) };
  requireMilliseconds("http2.idleMilliseconds", settings.idleMilliseconds, 1);
  requireMilliseconds("http2.pingAfterMilliseconds", settings.pingAfterMilliseconds, 0);
  requireMilliseconds("http2.pingTimeoutMilliseconds", settings.pingTimeoutMilliseconds, 1);
  return settings;
}
