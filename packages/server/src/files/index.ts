/** Files that rest on a disk, as handlers. */
export { staticFiles } from "./static-files.ts";
export type { StaticFilesOptions } from "./static-files-options.ts";
export type { FileFacts } from "./protocol/file-tag.ts";
