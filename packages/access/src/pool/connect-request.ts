import type { Target } from "../target.ts";

/** What is asked of one new connection. */
export interface ConnectRequest {
  readonly target: Target;
  /** Whether any certificate will do. Never true for a known HSTS host. */
  readonly unverified: boolean;
  readonly signal: AbortSignal;
}
