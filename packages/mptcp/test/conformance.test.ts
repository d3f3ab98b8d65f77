import type { Duplex } from "node:stream";
import { streamConformance } from "@fairlead/conformance/stream";
import { multipathPair } from "./multipath-pair.ts";

// A quarter of what is sent may be on its way, and the kernel keeps up to 36 MiB.
streamConformance("multipath TCP", {
  open: multipathPair,
  reset,
  bulkBytes: 268_435_456,
  refusesWhenClosed: false,
});

function reset(stream: Duplex & { resetAndDestroy?: () => unknown }): void {
  stream.resetAndDestroy?.();
}
