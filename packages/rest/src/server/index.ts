/** A contract, served. */
export { apiServer, type ApiServerOptions } from "./api-server.ts";
export { Problem, type ProblemInit } from "./problem.ts";
export type { OnOperationError } from "./tell-failure.ts";
export type { RequestFault, RequestPart } from "./request-fault.ts";
