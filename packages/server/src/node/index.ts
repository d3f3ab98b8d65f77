/** Handlers for Node's `(req, res)` in the shape of the Fetch Standard. */
export { fromNodeHandler, type NodeHandler, type NodeHandlerOptions } from "./from-node-handler.ts";
