import { serveWorkers } from "@fairlead/server/cluster";
import { closeOnSignals } from "@fairlead/server";

const workers = await serveWorkers({ module: new URL("./worker.ts", import.meta.url), workers: 2 });
closeOnSignals(workers);
console.log(`serving: ${JSON.stringify({ port: workers.port, processIds: workers.processIds })}`);
