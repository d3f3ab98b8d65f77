import type { Duplex } from "node:stream";
import { streamConformance, tcpPair, unixPair } from "@fairlead/conformance/stream";
import { memoryPair } from "../src/index.ts";

streamConformance("tcp", { open: tcpPair, reset });

// Only TCP has a reset of its own.
streamConformance("unix", { open: unixPair });

streamConformance("memory", { open: async (allowHalfOpen) => memoryPair({ allowHalfOpen }), reset });

function reset(stream: Duplex & { resetAndDestroy?: () => unknown }): void {
  stream.resetAndDestroy?.();
}
