/** What a path of a server can be. */
export type FileKind =
  | "file"
  | "directory"
  | "link"
  | "character device"
  | "block device"
  | "pipe"
  | "socket"
  | "unknown";

/** What a server says of a path. */
export interface FileAttributes {
  readonly kind: FileKind;
  readonly sizeBytes: number;
  /** Seconds since 1970; `undefined` where the server does not say. */
  readonly modifiedSeconds: number | undefined;
  /** Who may do what, as POSIX has it; `undefined` where the server does not say. */
  readonly permissions: number | undefined;
}

/** By the upper four bits of the permissions, as POSIX has them. draft-ietf-secsh-filexfer-02 section 5. */
const kinds: ReadonlyMap<number, FileKind> = new Map([
  [0o10, "file"],
  [0o04, "directory"],
  [0o12, "link"],
  [0o02, "character device"],
  [0o06, "block device"],
  [0o01, "pipe"],
  [0o14, "socket"],
]);

/** Reads the kind out of permissions; `unknown` where the server sends none. */
export function fileKind(mode: number | undefined): FileKind {
  return kinds.get(((mode ?? 0) >>> 12) & 0o17) ?? "unknown";
}
