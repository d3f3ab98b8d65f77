import { startChild } from "./measuring/child.ts";
import { median, rounded } from "./measuring/median.ts";
import type { BenchResult } from "./result.ts";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 3);

interface Held {
  readonly observers: number;
  readonly heapMib: number;
  readonly rssMib: number;
}

/**
 * What 10,000 observers take, each of which is a peer of its own: the heap with its buffers, after a collection. Each round
 * is a fresh process.
 */
export async function run(): Promise<BenchResult> {
  const held: Held[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const server = startChild("coap-observers/server.ts", []);
    try {
      held.push(await server.ask<Held>("hold"));
    } finally {
      await server.end();
    }
  }
  const heap = median(held.map(({ heapMib }) => heapMib));
  const resident = median(held.map(({ rssMib }) => rssMib));
  const observers = Math.min(...held.map((sample) => sample.observers));
  const each = ((heap * 1_024) / observers).toFixed(1);
  return {
    name: "coap-observers",
    claims: [
      {
        what: `memory for ${String(observers)} observers, each a peer of its own (${each} KiB each; RSS ${resident.toFixed(0)} MiB)`,
        value: rounded(heap),
        unit: "MiB",
        limit: 100,
        holds: heap <= 100 && observers === 10_000,
      },
    ],
    details: { rounds: ROUNDS, held },
  };
}
