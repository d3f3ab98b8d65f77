/** Several processes that serve on one port: `@fairlead/server/cluster`. */
export { serveWorkers, type ServeWorkersOptions, type Workers } from "./serve-workers.ts";
export type { WorkerContext, WorkerModule } from "./worker-context.ts";
