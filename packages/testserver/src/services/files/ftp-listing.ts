import type { FileNode } from "./file-node.ts";

/** A line of LIST, in the shape of `ls -l` that clients have learnt to read. */
export function listLine(name: string, node: FileNode): string {
  const [, day = "", month = "", year = "", time = ""] =
    /, (\d+) (\w+) (\d+) (\d+:\d+)/.exec(new Date(node.modifiedAt).toUTCString()) ?? [];
  const mode = { file: "-rw-r--r--", folder: "drwxr-xr-x", link: "lrwxrwxrwx" }[node.type];
  const size = String(sizeOf(node)).padStart(8);
  const target = node.type === "link" ? ` -> ${node.target}` : "";
  return `${mode} 1 ftp ftp ${size} ${month} ${day} ${time === "" ? year : time} ${name}${target}`;
}

/** A line of MLSD. RFC 3659 section 7. */
export function machineLine(name: string, node: FileNode): string {
  const type = { file: "file", folder: "dir", link: "OS.unix=symlink" }[node.type];
  const size = node.type === "folder" ? "" : `size=${sizeOf(node)};`;
  return `type=${type};${size}modify=${timeValue(node.modifiedAt)};perm=${node.type === "folder" ? "elcm" : "rwd"}; ${name}`;
}

/** A time as MDTM has it. RFC 3659 section 2.3. */
export function timeValue(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/[-:T]|\..*/g, "");
}

function sizeOf(node: FileNode): number {
  switch (node.type) {
    case "file":
      return node.bytes.length;
    case "folder":
      return 4096;
    case "link":
      return Buffer.byteLength(node.target);
  }
}
