import { createHash } from "node:crypto";
import { loadPageFiles } from "#page-files";
import { LeanResponse } from "@fairlead/server";
import { pageFields } from "./security-fields.ts";

/** Answers for the page's files. @param path below the page's address; empty for the page itself */
export type PageHandler = (request: Request, path: string) => Promise<Response>;

interface ServedFile {
  readonly bytes: Uint8Array;
  readonly type: string;
  readonly tag: string;
}

const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  txt: "text/plain; charset=utf-8",
};

/** Serves the page. Its files are read, or made of their sources, from now on; who asks before waits. */
export function pageHandler(): PageHandler {
  const loading = loadPageFiles().then(
    (files) => new Map(Array.from(files, ([path, bytes]) => [path, servedFile(path, bytes)] as const)),
  );
  // Who asks is told.
  loading.catch(() => undefined);
  return async (request, path) => {
    const file = (await loading).get(path === "" ? "index.html" : path);
    if (file === undefined || (request.method !== "GET" && request.method !== "HEAD")) {
      return new LeanResponse(null, { status: 404, fields: pageFields });
    }
    const fields = [...pageFields, "etag", file.tag];
    if (request.headers.get("if-none-match") === file.tag) return new LeanResponse(null, { status: 304, fields });
    return new LeanResponse(file.bytes, { fields: [...fields, "content-type", file.type] });
  };
}

function servedFile(path: string, bytes: Uint8Array): ServedFile {
  return {
    bytes,
    type: types[path.split(".").at(-1) ?? ""] ?? "application/octet-stream",
    tag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`,
  };
}
