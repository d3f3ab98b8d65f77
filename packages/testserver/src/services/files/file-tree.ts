import { posix } from "node:path";
import type { FileNode, FolderNode } from "./file-node.ts";
import { seedTree } from "./seed-tree.ts";

/** Why something can't be done; `undefined` where it is done. */
export type FileRefusal = "absent" | "exists" | "full" | "wrong-kind" | undefined;

/** Longest file. */
export const fileLimitBytes = 4_194_304;
const totalLimitBytes = 16_777_216;
const nodeLimit = 1000;
const nameLimit = 255;
const linkLimit = 8;

/** The files of a network, which FTP and SFTP share: in memory, and no more than a bounded number of bytes. */
export class FileTree {
  readonly #now: () => number;
  #root: FolderNode | undefined;
  #totalBytes = 0;
  #nodes = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** What an absolute path leads to, by links too unless `keepLast` asks for the link itself. */
  find(path: string, { keepLast = false } = {}): FileNode | undefined {
    return this.#find(path, keepLast, linkLimit);
  }

  /** Puts a file where its folder is, in place of a file or link of its name. */
  write(path: string, bytes: Buffer): FileRefusal {
    const before = this.find(path, { keepLast: true });
    if (before?.type === "folder") return "wrong-kind";
    const change = bytes.length - (before?.type === "file" ? before.bytes.length : 0);
    if (bytes.length > fileLimitBytes || this.#totalBytes + change > totalLimitBytes) return "full";
    const refusal = this.#put(path, { type: "file", bytes, modifiedAt: this.#now() });
    if (refusal === undefined) this.#totalBytes += change;
    return refusal;
  }

  makeFolder(path: string): FileRefusal {
    if (this.find(path, { keepLast: true }) !== undefined) return "exists";
    return this.#put(path, { type: "folder", children: new Map(), modifiedAt: this.#now() });
  }

  /** Takes a file or link away, or with `kind` an empty folder. */
  remove(path: string, kind: "file" | "folder" = "file"): FileRefusal {
    const node = this.find(path, { keepLast: true });
    const parent = this.#parent(path);
    if (node === undefined || parent === undefined) return "absent";
    if ((node.type === "folder") !== (kind === "folder")) return "wrong-kind";
    if (node.type === "folder" && node.children.size > 0) return "exists";
    parent.children.delete(posix.basename(path));
    this.#nodes -= 1;
    if (node.type === "file") this.#totalBytes -= node.bytes.length;
    return undefined;
  }

  rename(from: string, to: string): FileRefusal {
    const node = this.find(from, { keepLast: true });
    const [oldParent, newParent] = [this.#parent(from), this.#parent(to)];
    if (node === undefined || oldParent === undefined || newParent === undefined) return "absent";
    if (this.find(to, { keepLast: true }) !== undefined) return "exists";
    // A folder can't go below itself.
    if (`${to}/`.startsWith(`${from}/`) || posix.basename(to).length > nameLimit) return "wrong-kind";
    oldParent.children.delete(posix.basename(from));
    newParent.children.set(posix.basename(to), node);
    return undefined;
  }

  #put(path: string, node: FileNode): FileRefusal {
    const parent = this.#parent(path);
    const name = posix.basename(path);
    if (parent === undefined) return "absent";
    if (name === "" || name.length > nameLimit) return "wrong-kind";
    const isNew = !parent.children.has(name);
    if (isNew && this.#nodes >= nodeLimit) return "full";
    if (isNew) this.#nodes += 1;
    parent.children.set(name, node);
    return undefined;
  }

  #parent(path: string): FolderNode | undefined {
    const node = this.find(posix.dirname(path));
    return node?.type === "folder" ? node : undefined;
  }

  #find(path: string, keepLast: boolean, linksLeft: number): FileNode | undefined {
    this.#root ??= seedTree(this.#now());
    let node: FileNode = this.#root;
    let at = "/";
    const names = posix.resolve("/", path).split("/").filter(Boolean);
    for (const [index, name] of names.entries()) {
      const child: FileNode | undefined = node.type === "folder" ? node.children.get(name) : undefined;
      if (child === undefined) return undefined;
      const isLast = index === names.length - 1;
      if (child.type === "link" && !(isLast && keepLast)) {
        if (linksLeft === 0) return undefined;
        const rest = [posix.resolve(at, child.target), ...names.slice(index + 1)].join("/");
        return this.#find(rest, keepLast, linksLeft - 1);
      }
      node = child;
      at = posix.join(at, name);
    }
    return node;
  }
}
