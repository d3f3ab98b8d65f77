import { WorkerProcess } from "./worker-process.ts";

// What a primary starts its workers by: `node worker-main.js MODULE`.
new WorkerProcess(process.argv[2] ?? "").run();
