import type { Duplex } from "node:stream";
import { streamConformance } from "@fairlead/conformance/stream";
import { memoryPair } from "../src/index.ts";
import { tcpPair, unixPair } from "./loopback.ts";

streamConformance("tcp", async ({ allowHalfOpen }) => {
  const [left, right] = await tcpPair(allowHalfOpen);
  return { left, right, reset };
});

streamConformance("unix", async ({ allowHalfOpen }) => {
  const [left, right] = await unixPair(allowHalfOpen);
  // Only TCP has a reset of its own.
  return { left, right };
});

streamConformance("memory", async ({ allowHalfOpen }) => {
  const [left, right] = memoryPair({ allowHalfOpen });
  return { left, right, reset };
});

function reset(stream: Duplex & { resetAndDestroy?: () => unknown }): void {
  stream.resetAndDestroy?.();
}
