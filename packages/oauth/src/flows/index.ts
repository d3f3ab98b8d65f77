/** How tokens are got, renewed, looked at and given back. */
export { clientCredentials, type FlowOptions } from "./client-credentials.ts";
export { refresh } from "./refresh.ts";
