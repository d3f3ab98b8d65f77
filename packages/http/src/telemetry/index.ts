/** Words that have few values, for metrics and traces of clients and servers. */
export { errorType } from "./error-type.ts";
export { knownMethod } from "./known-method.ts";
