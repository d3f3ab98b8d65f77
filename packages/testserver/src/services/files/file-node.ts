/** What a path leads to. */
export type FileNode = FileLeaf | FolderNode | LinkNode;

/** A file. */
export interface FileLeaf {
  readonly type: "file";
  readonly bytes: Buffer;
  readonly modifiedAt: number;
}

/** A folder. */
export interface FolderNode {
  readonly type: "folder";
  readonly children: Map<string, FileNode>;
  readonly modifiedAt: number;
}

/** A symbolic link. */
export interface LinkNode {
  readonly type: "link";
  readonly target: string;
  readonly modifiedAt: number;
}
