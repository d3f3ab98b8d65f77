import { UsageError } from "@fairlead/core";
import { isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { SchemeHandler } from "../handler.ts";

/** Which files are handed out, and taken. */
export interface FileSchemeOptions {
  /** The directory below which they are: an absolute path, or a `file:` URL. */
  readonly root: string | URL;
  /** Whether PUT makes and replaces files; false by default. */
  readonly writable?: boolean;
}

/**
 * Answers `file:` URLs with the files below one directory, and refuses all others, and links that lead to them.
 *
 * GET and HEAD, with `Range` and `If-Range`; PUT where that is allowed. What is not there is an error, and no 404: there is
 * no server that said so, and whoever reads a configuration by `fetch` would take its page for the file.
 *
 * @example
 * await openNetworkAccessManager({ schemes: [fileScheme({ root: "/srv/documents" })] });
 * @throws UsageError OPTION_INVALID
 */
export function fileScheme({ root, writable = false }: FileSchemeOptions): SchemeHandler {
  const given = rootPath(root);
  return {
    scheme: "file",
    async handle(request) {
      // Loaded with the first file.
      const { answerFile } = await import("./answer-file.ts");
      return answerFile(request, given, writable);
    },
    close: () => Promise.resolve(),
  };
}

function rootPath(root: string | URL): string {
  const path = typeof root === "string" && !root.startsWith("file:") ? root : fileURLToPath(root);
  if (isAbsolute(path) && !path.includes("\0")) return resolve(path);
  throw new UsageError("OPTION_INVALID", { detail: "root", remedy: "give the absolute path of a directory" });
}
