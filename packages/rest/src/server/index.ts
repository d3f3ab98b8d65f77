/** A contract, served. */
export type { ApiServerOptions } from "./api-server.ts";
