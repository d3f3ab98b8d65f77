/** The HSTS preload list of Chromium, in a form that is small and quick to ask. */
export { openPreloadList } from "./open-preload-list.ts";
export type { PreloadEntry } from "./protocol/format.ts";
export type { PreloadList } from "./protocol/preload-list.ts";
