/** A file that the user named, or standard output, could not be read or written. */
export class FileError extends Error {
  override readonly name = "FileError";

  /**
   * @param what a verb and the file's name: `write page.html`.
   * @param cause the system's error, or a clause of ours.
   */
  constructor(what: string, cause: unknown) {
    super(`cannot ${what}: ${reasonOf(cause)}`, { cause });
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EEXIST: "it exists already",
  EISDIR: "it is a directory",
  ELOOP: "too many symbolic links",
  ENAMETOOLONG: "the name is too long",
  ENOENT: "there is no such file or directory",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of the path is not a directory",
  EDQUOT: "the quota is used up",
  EPERM: "the system does not permit it",
  EROFS: "the file system is read-only",
};

function reasonOf(cause: unknown): string {
  if (typeof cause === "string") return cause;
  if (!(cause instanceof Error)) return String(cause);
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
  return (code === undefined ? undefined : reasons[code]) ?? code ?? cause.message;
}
