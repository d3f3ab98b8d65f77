/** TLS written by hand, for what no library would do. */
export { openHandmade } from "./handmade-server.ts";
export type { Place, Script, Step } from "./script.ts";
