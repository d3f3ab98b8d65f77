import { ContentError } from "@fairlead/core";
import { MultipartParser, type MultipartEvent, type MultipartLimits, type PartHead } from "@fairlead/http/multipart";
import { parseMediaType } from "@fairlead/http/negotiation";
import { unexpectedType } from "./json.ts";
import { decodeText, type ContentFacts } from "./text.ts";

/** One part of a form, whose content is read before the next one is asked for, or passed over. */
export interface MultipartPart extends PartHead, AsyncIterable<Uint8Array> {
  bytes(): Promise<Uint8Array>;
  /** In the charset of the part, UTF-8 by default. @throws ContentError CHARSET_UNSUPPORTED, CHARSET_VIOLATED */
  text(): Promise<string>;
}

/**
 * Reads a form with files while it comes: the parts in order, each in pieces, so that files may go where they belong without
 * ever being in memory.
 *
 * @throws ContentError CONTENT_TYPE_UNEXPECTED, MULTIPART_INVALID, also where it is cut; CONTENT_LIMIT
 * @see RFC 7578
 */
export async function* readMultipart(
  chunks: AsyncIterable<Uint8Array>,
  contentType: string | undefined,
  limits: MultipartLimits = {},
  facts: ContentFacts = {},
): AsyncGenerator<MultipartPart, void, undefined> {
  const events = multipartEvents(chunks, new MultipartParser(boundaryOf(contentType, facts), limits, facts));
  try {
    for (let next = await events.next(); next.done !== true; next = await events.next()) {
      if (next.value.type !== "part") continue;
      const part = new ReceivedPart(next.value.head, events, facts);
      yield part;
      await part.passOver();
    }
  } finally {
    await events.return();
  }
}

/**
 * Reads a form with files whole.
 *
 * @throws ContentError as {@link readMultipart}, and CHARSET_VIOLATED for a field that is no text.
 */
export async function readFormData(
  chunks: AsyncIterable<Uint8Array>,
  contentType: string | undefined,
  limits: MultipartLimits = {},
  facts: ContentFacts = {},
): Promise<FormData> {
  const form = new FormData();
  for await (const part of readMultipart(chunks, contentType, limits, facts)) {
    if (part.fileName === undefined) form.append(part.name, await part.text());
    else form.append(part.name, await fileOf(part, part.fileName));
  }
  return form;
}

async function fileOf(part: MultipartPart, fileName: string): Promise<File> {
  // RFC 7578 section 4.4: what says nothing is text.
  return new File([Uint8Array.from(await part.bytes())], fileName, { type: part.contentType ?? "text/plain" });
}

async function* multipartEvents(
  chunks: AsyncIterable<Uint8Array>,
  parser: MultipartParser,
): AsyncGenerator<MultipartEvent, void, undefined> {
  for await (const chunk of chunks) yield* parser.read(chunk);
  parser.end();
}

/** RFC 2046 section 5.1.1. */
const BOUNDARY = /^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/;

function boundaryOf(contentType: string | undefined, facts: ContentFacts): string {
  const { type, parameters } = parseMediaType(contentType ?? "") ?? {};
  if (type !== "multipart/form-data") throw unexpectedType(undefined, contentType, facts);
  const boundary = parameters?.get("boundary");
  if (boundary !== undefined && BOUNDARY.test(boundary)) return boundary;
  throw new ContentError("MULTIPART_INVALID", { ...facts, detail: "its media type names no boundary" });
}

class ReceivedPart implements MultipartPart {
  readonly name: string;
  readonly fileName: string | undefined;
  readonly contentType: string | undefined;
  readonly #events: AsyncGenerator<MultipartEvent, void, undefined>;
  readonly #facts: ContentFacts;
  #hasEnded = false;

  constructor(
    { name, fileName, contentType }: PartHead,
    events: AsyncGenerator<MultipartEvent, void, undefined>,
    facts: ContentFacts,
  ) {
    this.name = name;
    this.fileName = fileName;
    this.contentType = contentType;
    this.#events = events;
    this.#facts = facts;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    while (!this.#hasEnded) {
      const { value } = await this.#events.next();
      if (value?.type === "data") yield value.bytes;
      else this.#hasEnded = true;
    }
  }

  async bytes(): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this) pieces.push(Uint8Array.from(piece));
    return Buffer.concat(pieces);
  }

  async text(): Promise<string> {
    return decodeText(await this.bytes(), this.contentType, this.#facts);
  }

  async passOver(): Promise<void> {
    const pieces = this[Symbol.asyncIterator]();
    while ((await pieces.next()).done !== true);
  }
}
