import type { FileNode, FolderNode } from "./file-node.ts";

/** The files that are there at first: empty, small, large, with awkward names, deep down, and links. */
export function seedTree(modifiedAt: number): FolderNode {
  const file = (content: string | Buffer): FileNode => ({ type: "file", bytes: Buffer.from(content), modifiedAt });
  const link = (target: string): FileNode => ({ type: "link", target, modifiedAt });
  const folder = (children: Readonly<Record<string, FileNode>>): FolderNode => ({
    ...{ type: "folder", modifiedAt },
    children: new Map(Object.entries(children)),
  });
  return folder({
    "README.txt": file("These files are for tests.\n"),
    empty: file(""),
    "1k.bin": file(pattern(1024)),
    "1m.bin": file(pattern(1_048_576)),
    "grüße 💬.txt": file("Unicode in the name.\n"),
    ".hidden": file("Hidden by its name.\n"),
    link: link("README.txt"),
    dangling: link("nowhere"),
    deep: folder({
      a: folder({ b: folder({ c: folder({ d: folder({ "file.txt": file("Five folders down.\n") }) }) }) }),
    }),
    incoming: folder({}),
  });
}

/** Bytes of which no block is like the one before. */
function pattern(sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes);
  for (let offset = 0; offset < sizeBytes; offset += 4) bytes.writeUInt32BE(offset, offset);
  return bytes;
}
