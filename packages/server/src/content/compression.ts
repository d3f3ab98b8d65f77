import { UsageError } from "@fairlead/core";
import { weakTag } from "@fairlead/http/conditional";
import type { BodySource, FlatFields } from "../exchange/index.ts";
import { LeanResponse, requestField, responseParts, type ResponseParts } from "../fetch/index.ts";
import type { Plugin } from "../plugin.ts";
import { EncodedContent } from "./encoded-content.ts";
import { encode, type CompressionCoding } from "./encoders.ts";
import { isCompressibleType } from "./protocol/compressible.ts";
import { decideCompression, notModifiedTag, varyByEncoding } from "./protocol/decide-compression.ts";

/** What is compressed, and how. */
export interface CompressionOptions {
  /** What is offered, the best first; `zstd`, `br` and `gzip` by default. */
  readonly codings?: readonly CompressionCoding[];
  /** Content that is known to be shorter is sent as it is; 1,024 by default. */
  readonly minimumBytes?: number;
  /** Whether content of a type is compressed; text of all kinds by default, and no event stream. */
  readonly isCompressible?: (type: string, request: Request) => boolean;
}

/**
 * Makes a plug-in that compresses what clients take compressed: with `Vary`, a weak entity tag in place of a strong one, and
 * without `Accept-Ranges`, as ranges are of the bytes that are not compressed. What is coded already, a part, of a digest or
 * marked `no-transform` goes out as it is.
 *
 * Compression tells by its length what is in content that somebody else can add to (BREACH): where an answer holds a secret
 * beside what a stranger's link has put there, send it with `Cache-Control: no-transform`.
 *
 * @throws UsageError OPTION_INVALID for a coding that there is none of.
 */
export function compression(options: CompressionOptions = {}): Plugin {
  const { codings = ["zstd", "br", "gzip"], minimumBytes = 1_024, isCompressible = isCompressibleType } = options;
  const unknown = codings.find((coding) => !["zstd", "br", "gzip"].includes(coding));
  if (unknown !== undefined) {
    throw new UsageError("OPTION_INVALID", { detail: `codings: ${unknown}`, remedy: "name zstd, br or gzip" });
  }
  return {
    name: "compression",
    response: async (response, request) => {
      if (response.status === 101) return response;
      const parts = responseParts(response);
      const fields = new Fields(parts.fields);
      if (parts.status === 304) return withNotModifiedTag(parts, fields, requestField(request, "if-none-match"));
      if (parts.content === undefined) return again(parts, fields);
      const decision = decideCompression(
        {
          status: parts.status,
          field: (name) => fields.get(name),
          length: lengthOf(parts.content),
          isCompressible: (type) => isCompressible(type, request),
        },
        requestField(request, "accept-encoding"),
        codings,
        minimumBytes,
      );
      switch (decision.type) {
        case "leave":
          return again(parts, fields);
        case "vary":
          fields.set("vary", varyByEncoding(fields.get("vary")));
          return again(parts, fields);
        case "compress": {
          // Chosen from among those.
          const coding = decision.coding as CompressionCoding;
          return compress(parts, parts.content, fields, coding, request.method === "HEAD");
        }
      }
    },
  };
}

type Content = NonNullable<ResponseParts["content"]>;

async function compress(
  parts: ResponseParts,
  content: Content,
  fields: Fields,
  coding: CompressionCoding,
  isHead: boolean,
): Promise<Response> {
  const etag = fields.get("etag");
  fields.set("vary", varyByEncoding(fields.get("vary")));
  fields.set("content-encoding", coding);
  fields.set("content-length", undefined);
  fields.set("accept-ranges", undefined);
  if (etag !== undefined) fields.set("etag", weakTag(etag));
  if (typeof content === "string" || content instanceof Uint8Array) {
    return again({ ...parts, content: isHead ? nothing : await encode(coding, content) }, fields);
  }
  if (isHead) content.cancel();
  return again({ ...parts, content: isHead ? nothing : new EncodedContent(content, coding) }, fields);
}

/** Content whose length nobody knows, of an answer that is sent without. */
const nothing: BodySource = {
  length: undefined,
  trailers: [],
  read: () => Promise.resolve(undefined),
  cancel: () => undefined,
};

function withNotModifiedTag(parts: ResponseParts, fields: Fields, ifNoneMatch: string | undefined): Response {
  const etag = fields.get("etag");
  if (etag !== undefined) fields.set("etag", notModifiedTag(etag, ifNoneMatch));
  return again(parts, fields);
}

function again({ status, content, trailers }: ResponseParts, fields: Fields): Response {
  return new LeanResponse(content ?? null, { status, fields: fields.flat, trailers });
}

function lengthOf(content: Content): number | undefined {
  return typeof content === "string" ? Buffer.byteLength(content) : content.length;
}

/** Fields of a response, of which some are set to others. */
class Fields {
  flat: FlatFields;

  constructor(flat: FlatFields) {
    this.flat = flat;
  }

  get(name: string): string | undefined {
    const values = this.flat.filter((_, at) => at % 2 === 1 && this.flat[at - 1]?.toLowerCase() === name);
    return values.length === 0 ? undefined : values.join(", ");
  }

  set(name: string, value: string | undefined): void {
    const others = this.flat.filter((_, at) => this.flat[at - (at % 2)]?.toLowerCase() !== name);
    this.flat = value === undefined ? others : [...others, name, value];
  }
}
