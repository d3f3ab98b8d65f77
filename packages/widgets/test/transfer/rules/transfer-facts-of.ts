import type { TransferFacts } from "../../../src/transfer/transfer-facts.ts";

/** A transfer for a test, of which only what matters there is said. */
export function transferFacts(facts: Partial<TransferFacts> = {}): TransferFacts {
  return {
    id: "1",
    direction: "download",
    name: "report.pdf",
    url: "https://files.example/report.pdf",
    state: "under-way",
    transferredBytes: 0,
    totalBytes: 1_000,
    resumedFromBytes: 0,
    discardedBytes: 0,
    restarts: 0,
    startedAt: 0,
    error: undefined,
    remedy: undefined,
    actions: ["pause", "resume", "cancel", "retry", "open", "show", "remove"],
    ...facts,
  };
}
