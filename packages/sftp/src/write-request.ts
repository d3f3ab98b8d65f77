import { randomUUID } from "node:crypto";
import { untilAborted, type SchemeResponse } from "@fairlead/access";
import { isCodedError, UsageError } from "@fairlead/core";
import { locateEntry, requireKind } from "./location.ts";
import type { FileAttributes } from "./protocol/file-attributes.ts";
import { splitPath } from "./protocol/paths.ts";
import { validatorsOf, type Operation } from "./read-request.ts";
import type { Handle } from "./session.ts";

/** Written at once: what every server takes. draft-ietf-secsh-filexfer-02 section 3. */
const CHUNK_BYTES = 32 * 1024;
/** Writes that are under way at a time. */
const WRITES_LIMIT = 32;

/**
 * Answers PUT: what was there stays until all of the body is on the server, in a draft beside it, which then takes its
 * place. `If-None-Match: *` creates only.
 */
export async function write(operation: Operation): Promise<SchemeResponse> {
  const { session, request, signal } = operation;
  if (operation.path.isDirectory) return emptyResponse(409);
  // RFC 9110 section 14.5: a part must not be taken for the whole.
  if (request.headers["content-range"] !== undefined) return emptyResponse(400);
  const path = await locateEntry(operation.path, operation);
  const existing = await existingAt(path, operation);
  if (existing !== undefined) requireKind(existing, "file", operation, "write");
  const mustCreate = request.headers["if-none-match"] === "*";
  if (mustCreate && existing !== undefined) return emptyResponse(412);
  const { directory, name } = splitPath(path);
  const draft = `${directory === "/" ? "" : directory}/.${name.slice(0, 64)}.${randomUUID()}.part`;
  const handle = await session.open(draft, "wx", signal, existing?.permissions);
  let isOpen = true;
  try {
    await writeBody(handle, operation);
    if (existing?.permissions !== undefined) await session.chmod(handle, existing.permissions, signal);
    const written = await session.fstat(handle, signal);
    isOpen = false;
    await session.close(handle, signal);
    await (existing === undefined ? session.rename(draft, path, signal) : session.replace(draft, path, signal));
    return { ...emptyResponse(existing === undefined ? 201 : 204), headers: validatorsOf(written) };
  } catch (error) {
    if (isOpen) session.closeSoon(handle);
    // The server may be gone; then the draft stays, and nothing has its name.
    session.unlink(draft).catch(() => undefined);
    throw error;
  }
}

/** Answers DELETE: a file, or a link itself. */
export async function remove(operation: Operation): Promise<SchemeResponse> {
  const { session, signal } = operation;
  const path = await locateEntry(operation.path, operation);
  const attributes = await session.lstat(path, signal);
  if (attributes.kind !== "link") requireKind(attributes, "file", operation, "remove");
  await session.unlink(path, signal);
  return emptyResponse(204);
}

/** A response that has nothing to say but its status. */
export function emptyResponse(status: number): SchemeResponse {
  return { status, headers: {}, body: undefined };
}

async function existingAt(path: string, { session, signal }: Operation): Promise<FileAttributes | undefined> {
  try {
    return await session.lstat(path, signal);
  } catch (error) {
    if (isCodedError(error) && error.code === "FILE_NOT_FOUND") return undefined;
    throw error;
  }
}

async function writeBody(handle: Handle, { session, request, peer, signal }: Operation): Promise<void> {
  const writes: Promise<void>[] = [];
  let position = 0;
  for await (const chunk of takenFrom(request.body, signal)) {
    for (let at = 0; at < chunk.length; at += CHUNK_BYTES) {
      const part = Buffer.from(chunk.buffer, chunk.byteOffset + at, Math.min(CHUNK_BYTES, chunk.length - at));
      const written = session.write(handle, part, position);
      // Whoever waits for it hears of it.
      written.catch(() => undefined);
      writes.push(written);
      position += part.length;
      if (writes.length > WRITES_LIMIT) await untilAborted([signal], () => writes.shift() ?? written);
    }
  }
  await untilAborted([signal], () => Promise.all(writes));
  const expected = request.headers["content-length"];
  if (expected !== undefined && Number(expected) !== position) {
    const detail = `it gave ${String(position)} bytes where ${expected} were announced`;
    throw new UsageError("REQUEST_BODY_FAILED", { peer, operation: "write", detail });
  }
}

/** Takes a body piece by piece, and waits for none that nobody needs any more. */
async function* takenFrom(
  body: AsyncIterable<Uint8Array> | undefined,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, undefined> {
  const pieces = body?.[Symbol.asyncIterator]();
  if (pieces === undefined) return;
  try {
    for (;;) {
      const piece = await untilAborted([signal], () => pieces.next());
      if (piece.done === true) return;
      yield piece.value;
    }
  } finally {
    pieces.return?.().catch(() => undefined);
  }
}
