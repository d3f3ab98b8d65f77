/** What requests pass on their way to a handler, and answers on their way back. */
export { composePlugins } from "./compose-plugins.ts";
