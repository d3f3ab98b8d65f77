import { randomUUID } from "node:crypto";
import {
  evaluatePreconditions,
  ifRangeHolds,
  notModifiedFieldNames,
  type CurrentRepresentation,
} from "@fairlead/http/conditional";
import { formatHttpDate } from "@fairlead/http/cache";
import {
  formatContentRange,
  formatUnsatisfiedRange,
  frameRanges,
  selectRanges,
  type ByteRange,
} from "@fairlead/http/range";
import type { BodySource, FlatFields } from "../exchange/index.ts";
import { LeanResponse, requestField } from "../fetch/index.ts";
import { FileContent, OpenFile, type ContentPart } from "./file-content.ts";
import { mediaTypeOf } from "./media-type.ts";
import type { Found, Root } from "./open-below.ts";
import { findPrecompressed } from "./precompressed.ts";
import { fileTag, isAtRest } from "./protocol/file-tag.ts";
import type { StaticFilesOptions } from "./static-files-options.ts";

/** Files up to this are read at once, before anything is said of them. */
const SMALL_BYTES = 65_536;
/** A file as it is to be sent. */
interface Representation extends CurrentRepresentation {
  readonly type: string;
  readonly size: number;
  readonly fields: FlatFields;
}

/** Answers GET or HEAD with a regular file; `undefined` when it cannot be had after all. What was found stays the caller's. */
export async function sendFile(
  root: Root,
  original: Found,
  names: readonly string[],
  request: Request,
  options: StaticFilesOptions,
): Promise<Response | undefined> {
  const coded =
    options.precompressed === true
      ? await findPrecompressed(root, original, names, requestField(request, "accept-encoding"))
      : undefined;
  try {
    const representation = describe(coded?.found ?? original, coded?.coding, names, options, Date.now());
    return await respond(coded?.found ?? original, representation, request);
  } finally {
    coded?.found.release();
  }
}

function describe(
  { stats }: Found,
  coding: string | undefined,
  names: readonly string[],
  options: StaticFilesOptions,
  now: number,
): Representation {
  const name = names.join("/");
  const etag = options.etag === undefined ? fileTag(stats, coding, now) : options.etag(stats, name, coding);
  // A date tells whole seconds apart: one that may become that of another version is not said. RFC 9110 section 8.8.2.1
  const lastModified = isAtRest(stats, now) ? Math.min(stats.mtimeMs, now) : undefined;
  const { cacheControl = "no-cache" } = options;
  const control = typeof cacheControl === "function" ? cacheControl(name) : cacheControl;
  const type = options.mediaType?.(name) ?? mediaTypeOf(name);
  const fields = ["x-content-type-options", "nosniff", "accept-ranges", "bytes"];
  if (control !== undefined && control !== false) fields.push("cache-control", control);
  if (etag !== undefined) fields.push("etag", etag);
  if (lastModified !== undefined) fields.push("last-modified", formatHttpDate(lastModified));
  if (options.precompressed === true) fields.push("vary", "accept-encoding");
  if (coding !== undefined) fields.push("content-encoding", coding);
  return { type, size: stats.size, etag, lastModified, fields };
}

async function respond(found: Found, current: Representation, request: Request): Promise<Response | undefined> {
  const now = Date.now();
  const outcome = evaluatePreconditions(
    request.method,
    {
      ifMatch: requestField(request, "if-match"),
      ifNoneMatch: requestField(request, "if-none-match"),
      ifModifiedSince: requestField(request, "if-modified-since"),
      ifUnmodifiedSince: requestField(request, "if-unmodified-since"),
    },
    current,
    now,
  );
  const { type, size, fields } = current;
  switch (outcome) {
    case "not-modified":
      return new LeanResponse(null, { status: 304, fields: notModifiedFields(fields) });
    case "failed":
      return new LeanResponse("precondition failed\n", { status: 412, fields: ["content-type", "text/plain"] });
    case "perform":
  }
  // A Range is defined for GET only. RFC 9110 section 14.2
  if (request.method === "HEAD") return whole(new LengthOnly(size), type, fields);
  const range = requestField(request, "range");
  const selection =
    range !== undefined && ifRangeHolds(requestField(request, "if-range"), current, now)
      ? selectRanges(range, size)
      : { type: "whole" as const };
  switch (selection.type) {
    case "unsatisfiable":
      return new LeanResponse("no such range\n", {
        status: 416,
        fields: ["content-type", "text/plain", "content-range", formatUnsatisfiedRange(size)],
      });
    case "parts":
      return sendParts(found, current, selection.ranges);
    case "whole": {
      const content =
        size <= SMALL_BYTES ? await readSmall(found) : await stream(found, [{ first: 0, last: size - 1 }]);
      return content && whole(content, type, fields);
    }
  }
}

function whole(content: Uint8Array | BodySource, type: string, fields: FlatFields): Response {
  return new LeanResponse(content, { fields: ["content-type", type, ...fields] });
}

async function sendParts(
  found: Found,
  { type, size, fields }: Representation,
  ranges: readonly [ByteRange, ...ByteRange[]],
): Promise<Response | undefined> {
  const [only, ...others] = ranges;
  if (others.length === 0) {
    const content = await stream(found, [only]);
    const own = ["content-type", type, "content-range", formatContentRange(only, size)];
    return content && new LeanResponse(content, { status: 206, fields: [...own, ...fields] });
  }
  const framed = frameRanges(ranges, size, type, randomUUID());
  const parts = framed.parts.flatMap(({ head, range }) => [Buffer.from(head), range]);
  const content = await stream(found, [...parts, Buffer.from(framed.end)]);
  const own = ["content-type", framed.contentType];
  return content && new LeanResponse(content, { status: 206, fields: [...own, ...fields] });
}

async function stream(found: Found, parts: readonly ContentPart[]): Promise<FileContent | undefined> {
  const descriptor = await found.open();
  return descriptor === undefined ? undefined : new FileContent(new OpenFile(descriptor, found.stats), parts);
}

async function readSmall(found: Found): Promise<Uint8Array | undefined> {
  const descriptor = await found.open();
  if (descriptor === undefined) return undefined;
  const file = new OpenFile(descriptor, found.stats);
  try {
    const bytes = Buffer.allocUnsafe(file.size);
    await file.read(bytes, 0);
    file.requireUnchanged();
    return bytes;
  } finally {
    file.close();
  }
}

function notModifiedFields(fields: FlatFields): FlatFields {
  return fields.filter((_, at) => notModifiedFieldNames.has(fields[at - (at % 2)] ?? ""));
}

/** The content of an answer to HEAD: it says how long it would be. */
class LengthOnly implements BodySource {
  readonly length: number;
  readonly trailers = [];

  constructor(length: number) {
    this.length = length;
  }

  read(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  cancel(): void {
    // There is nothing to give up.
  }
}
