/** A server that is killed: it says the process of a worker in JavaScript and of one in Python. */
import { fileURLToPath } from "node:url";
import { gateway, type GatewayWorkers } from "../../../src/gateway/index.ts";

const script = fileURLToPath(new URL("python_worker.py", import.meta.url));
const kinds: readonly GatewayWorkers[] = [
  { module: new URL("worker.ts", import.meta.url), count: 1 },
  { command: ["python3", "-B", script], count: 1 },
];
const pids = await Promise.all(
  kinds.map(
    (workers) =>
      new Promise<number | undefined>((resolve) => {
        gateway({
          workers,
          onEvent(event) {
            if (event.type === "ready") resolve(event.worker.pid);
          },
        });
      }),
  ),
);
console.log(pids.join(" "));
