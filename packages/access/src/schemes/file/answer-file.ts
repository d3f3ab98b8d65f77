import { UsageError } from "@fairlead/core";
import { parseRange } from "@fairlead/http/range";
import { realpath } from "node:fs/promises";
import { sep } from "node:path";
import { fileErrorFrom } from "../../file-error.ts";
import type { SchemeRequest, SchemeResponse } from "../handler.ts";
import { FileBody } from "./file-body.ts";
import { outsideRoot } from "./file-fault.ts";
import { openRegular, type OpenedFile } from "./open-regular.ts";
import { parseFilePath } from "./protocol/file-path.ts";
import { mediaTypeOf } from "./protocol/media-type.ts";
import { namesBelow, type Root } from "./resolve-below.ts";
import { writeFileBelow } from "./write-file.ts";

/**
 * Answers one request for a file.
 *
 * @param given the directory that it has to be below: an absolute path.
 * @param writable whether PUT is allowed.
 * @throws PolicyError, FileError or UsageError: what is not there, or may not be had, is no response.
 */
export async function answerFile(request: SchemeRequest, given: string, writable: boolean): Promise<SchemeResponse> {
  const peer = request.url.href;
  const system = sep === "\\" ? "windows" : "posix";
  const path = parseFilePath(request.url, system);
  if (path.type === "refused") throw outsideRoot(peer, path.because);
  const opened = await openRoot(given, peer);
  const absolute = (system === "windows" ? "" : sep) + path.names.join(sep);
  const names = namesBelow(opened, absolute);
  if (names === undefined) throw outsideRoot(peer, "it is elsewhere");
  switch (request.method) {
    case "GET":
    case "HEAD":
      return respond(await openRegular(opened, names, peer), request, names.at(-1) ?? "");
    case "PUT":
      if (writable) return put(opened, names, request);
  }
  const remedy = writable ? "use GET, HEAD or PUT" : "use GET or HEAD, or allow PUT: fileScheme({ writable: true })";
  throw new UsageError("OPTION_INVALID", {
    operation: "request",
    peer,
    detail: `method ${request.method}`,
    remedy,
  });
}

async function openRoot(given: string, peer: string): Promise<Root> {
  try {
    return { given, real: await realpath(given) };
  } catch (error) {
    throw fileErrorFrom(error, peer, "read");
  }
}

/** RFC 9110 sections 14.2 and 15.3.7. */
async function respond(
  { handle, stats }: OpenedFile,
  { method, headers, url }: SchemeRequest,
  name: string,
): Promise<SchemeResponse> {
  const length = Number(stats.size);
  const entityTag = `"${[stats.ino, stats.size, stats.mtimeNs].map((number) => number.toString(36)).join("-")}"`;
  const fields = {
    "accept-ranges": "bytes",
    "content-type": mediaTypeOf(name),
    etag: entityTag,
    "last-modified": new Date(Number(stats.mtimeMs)).toUTCString(),
  };
  // A date is no strong validator: two versions may be of the same second. RFC 9110 section 13.1.5.
  const isSame = headers["if-range"] === undefined || headers["if-range"] === entityTag;
  const asked = parseRange(isSame && method === "GET" ? headers["range"] : undefined, length);
  if (asked.type === "unsatisfiable") {
    await handle.close();
    return { status: 416, headers: { ...fields, "content-range": `bytes */${String(length)}` }, body: undefined };
  }
  const range = asked.type === "part" ? asked.range : { first: 0, last: length - 1 };
  const { first, last } = range;
  const sized = { ...fields, "content-length": String(last - first + 1) };
  if (method === "HEAD") {
    await handle.close();
    return { status: 200, statusText: "OK", headers: sized, body: undefined };
  }
  const body = new FileBody(handle, range, url.href);
  if (asked.type === "whole") return { status: 200, statusText: "OK", headers: sized, body };
  const contentRange = `bytes ${String(first)}-${String(last)}/${String(length)}`;
  return { status: 206, statusText: "Partial Content", headers: { ...sized, "content-range": contentRange }, body };
}

async function put(root: Root, names: readonly string[], request: SchemeRequest): Promise<SchemeResponse> {
  const { headers, body = nothing(), url, signal } = request;
  if (headers["content-range"] !== undefined) {
    // A part would replace the whole. RFC 9110 section 14.5.
    throw new UsageError("OPTION_INVALID", { operation: "request", peer: url.href, detail: "Content-Range with PUT" });
  }
  const isNew = await writeFileBelow(root, names, body, url.href, signal);
  return { status: isNew ? 201 : 204, statusText: isNew ? "Created" : "No Content", headers: {}, body: undefined };
}

// eslint-disable-next-line @typescript-eslint/no-empty-function -- It gives nothing.
async function* nothing(): AsyncGenerator<Uint8Array, void> {}
