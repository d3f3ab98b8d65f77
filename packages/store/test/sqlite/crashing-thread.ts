import { parentPort } from "node:worker_threads";

/** A writing thread that crashes at its first batch. */
parentPort?.on("message", () => {
  throw new Error("crashed on purpose");
});
