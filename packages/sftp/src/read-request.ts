import { PolicyError } from "@fairlead/core";
import type { SchemeRequest, SchemeResponse } from "@fairlead/access";
import { formatHttpDate } from "@fairlead/http/cache";
import { parseRange, type ByteRange } from "@fairlead/http/range";
import { FileBody } from "./file-body.ts";
import { locate, requireKind, type Locator } from "./location.ts";
import type { FileAttributes } from "./protocol/file-attributes.ts";
import type { ServerPath } from "./protocol/paths.ts";
import type { Handle } from "./session.ts";

/** Names that a directory may hold to be listed. */
const ENTRIES_LIMIT = 100_000;

/** A request under way on a connection. */
export interface Operation extends Locator {
  readonly request: SchemeRequest;
  readonly path: ServerPath;
  /** Gives the connection back. */
  release(): void;
}

/** Answers GET and HEAD: a file, a part of one, or the names that a directory holds. */
export async function read(operation: Operation): Promise<SchemeResponse> {
  const path = await locate(operation.path, operation);
  return operation.path.isDirectory ? readDirectory(path, operation) : readFile(path, operation);
}

async function readFile(path: string, operation: Operation): Promise<SchemeResponse> {
  const { session, request, signal } = operation;
  // Whoever opens a pipe waits for its other end, and a device may act: what it is has to be known before.
  const before = await session.stat(path, signal);
  requireKind(before, "file", operation, "read");
  if (request.method === "HEAD") {
    operation.release();
    return respond(before, request, undefined);
  }
  const handle = await session.open(path, "r", signal);
  try {
    const attributes = await session.fstat(handle, signal);
    requireKind(attributes, "file", operation, "read");
    return respond(attributes, request, (range) => openBody(handle, range, operation));
  } catch (error) {
    session.closeSoon(handle);
    throw error;
  }
}

function openBody(handle: Handle, range: ByteRange | undefined, operation: Operation): FileBody {
  const { session, peer, signal } = operation;
  return new FileBody({ session, handle, peer, signal, onEnd: () => operation.release() }, range);
}

/** @param open makes the body of a part; `undefined` for a response without one. */
function respond(
  attributes: FileAttributes,
  { headers }: SchemeRequest,
  open: ((range: ByteRange | undefined) => FileBody) | undefined,
): SchemeResponse {
  const { sizeBytes } = attributes;
  // Whoever resumes tells by it whether the file had been left alone for a while. RFC 9110 section 8.8.2.2.
  const validators: Record<string, string> = { date: formatHttpDate(Date.now()), ...validatorsOf(attributes) };
  const isWholeWanted = headers["if-range"] !== undefined && headers["if-range"] !== validators["last-modified"];
  const range = parseRange(isWholeWanted ? undefined : headers["range"], sizeBytes);
  switch (range.type) {
    case "whole": {
      const whole = sizeBytes === 0 ? undefined : { first: 0, last: sizeBytes - 1 };
      const fields = { ...validators, "accept-ranges": "bytes", "content-length": String(sizeBytes) };
      return { status: 200, headers: fields, body: open?.(whole) };
    }
    case "part": {
      const { first, last } = range.range;
      const fields = {
        ...validators,
        "accept-ranges": "bytes",
        "content-range": `bytes ${String(first)}-${String(last)}/${String(sizeBytes)}`,
        "content-length": String(last - first + 1),
      };
      return { status: 206, headers: fields, body: open?.(range.range) };
    }
    case "unsatisfiable": {
      void open?.(undefined).return();
      const fields = { "content-range": `bytes */${String(sizeBytes)}`, "content-length": "0" };
      return { status: 416, headers: fields, body: undefined };
    }
  }
}

/**
 * What tells one state of a file from another. SFTP knows nothing better than the second of the last change: an entity tag
 * made of that would be weak, and have nobody resume what may well be resumed. RFC 9110 section 8.8.2.2.
 */
export function validatorsOf({ modifiedSeconds }: FileAttributes): Record<string, string> {
  return modifiedSeconds === undefined ? {} : { "last-modified": formatHttpDate(modifiedSeconds * 1000) };
}

async function readDirectory(path: string, operation: Operation): Promise<SchemeResponse> {
  const { session, request, signal, peer } = operation;
  requireKind(await session.stat(path, signal), "directory", operation, "list");
  const handle = await session.opendir(path, signal);
  const listed: { readonly name: string; readonly [fact: string]: unknown }[] = [];
  try {
    for (let entries; (entries = await session.readdir(handle, signal)) !== undefined; ) {
      for (const { name, attributes } of entries) {
        const { kind, sizeBytes, modifiedSeconds } = attributes;
        const modified = modifiedSeconds === undefined ? undefined : new Date(modifiedSeconds * 1000).toISOString();
        listed.push({ name, kind, sizeBytes, modified });
      }
      if (listed.length > ENTRIES_LIMIT) {
        const detail = `the directory holds more than ${String(ENTRIES_LIMIT)} names`;
        throw new PolicyError("BODY_LIMIT", { peer, operation: "list", detail, remedy: "list smaller directories" });
      }
    }
  } finally {
    session.closeSoon(handle);
  }
  operation.release();
  listed.sort((one, other) => (one.name < other.name ? -1 : 1));
  const body = Buffer.from(`${JSON.stringify(listed)}\n`);
  const headers = { "content-type": "application/json", "content-length": String(body.length) };
  return { status: 200, headers, body: request.method === "HEAD" ? undefined : body };
}
