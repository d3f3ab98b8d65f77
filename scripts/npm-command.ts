import { basename } from "node:path";

/** The npm that started this script, run by its own Node; else the one on the PATH. */
export function npmCommand(): readonly [command: string, ...args: string[]] {
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  if (npm === undefined || node === undefined || !/^npm-cli\.c?js$/.test(basename(npm))) return ["npm"];
  return [node, npm];
}
