import type { DeflateParameters } from "@fairlead/http/websocket";
import type { WebSocketRole } from "./contract.ts";

/** How one side compresses. */
export interface Compression {
  /** Base-2 logarithm of how far its compressor looks back. */
  readonly windowBits: number;
  /** Whether each message stands by itself. */
  readonly noContextTakeover: boolean;
}

/** How a side compresses, by what was agreed. */
export function compressionOf(role: WebSocketRole, agreed: DeflateParameters): Compression {
  return role === "client"
    ? { windowBits: agreed.clientMaxWindowBits, noContextTakeover: agreed.clientNoContextTakeover }
    : { windowBits: agreed.serverMaxWindowBits, noContextTakeover: agreed.serverNoContextTakeover };
}
