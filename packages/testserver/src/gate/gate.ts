import type { ConnectionCounts } from "../connection-log.ts";

/** A bound port and what is behind it. */
export interface Gate {
  readonly host: string;
  readonly port: number;
  readonly connections: ConnectionCounts;
  /** Opens the service anew at its next connection; those that are open go on. */
  reopen(): void;
  /** Ends every connection, and frees the port. */
  close(): Promise<void>;
}
