import { keyLogFile, type KeyLogFile } from "@fairlead/tls/sockets";
import { ArgumentsError } from "../arguments.ts";
import { FileError } from "../file-error.ts";

/**
 * Opens the file that `--key-log` means. The variable alone writes nothing: it may have been left set, and what is written
 * opens everything that was said.
 *
 * @throws ArgumentsError when the variable is not set; FileError.
 */
export function openKeyLog(env: Readonly<Record<string, string | undefined>>): KeyLogFile {
  const path = env["SSLKEYLOGFILE"] ?? "";
  if (path === "") throw new ArgumentsError("--key-log writes to the file that SSLKEYLOGFILE names; it is not set");
  try {
    return keyLogFile(path);
  } catch (cause) {
    throw new FileError(`write ${path}`, cause);
  }
}
