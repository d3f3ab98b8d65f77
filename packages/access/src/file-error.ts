import { FileError, isCodedError, type FileErrorCode } from "@fairlead/core";

/** The system's names of what can be wrong with a file. */
const codes: Readonly<Record<string, FileErrorCode>> = {
  EACCES: "FILE_ACCESS_DENIED",
  EDQUOT: "FILE_NO_SPACE",
  EISDIR: "FILE_NOT_REGULAR",
  ELOOP: "FILE_NOT_FOUND",
  ENAMETOOLONG: "FILE_NOT_FOUND",
  ENOENT: "FILE_NOT_FOUND",
  ENOSPC: "FILE_NO_SPACE",
  ENOTDIR: "FILE_NOT_FOUND",
  EPERM: "FILE_ACCESS_DENIED",
  EROFS: "FILE_ACCESS_DENIED",
};

/** Names what the system says of a file. What has a code of Fairlead passes as it is. */
export function fileErrorFrom(cause: unknown, path: string, operation: "read" | "write"): Error {
  if (isCodedError(cause)) return cause;
  const name = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const code = codes[name] ?? "FILE_IO_FAILED";
  return new FileError(code, { peer: path, operation, cause, detail: code === "FILE_IO_FAILED" ? name : undefined });
}

/** Whether the system said this, by its name of it: `ENOENT`. */
export function isSystemError(error: unknown, name: string): boolean {
  return error instanceof Error && "code" in error && error.code === name;
}

/** Runs what touches a file. @throws FileError */
export async function namingFile<Result>(
  path: string,
  operation: "read" | "write",
  run: () => Promise<Result>,
): Promise<Result> {
  try {
    return await run();
  } catch (cause) {
    throw fileErrorFrom(cause, path, operation);
  }
}
