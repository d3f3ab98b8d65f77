import { createHash } from "node:crypto";
import { MultipartParser, type PartHead } from "@fairlead/http/multipart";
import { BadRequest } from "./bad-request.ts";
import { endpointFamily, type EndpointFamily } from "./endpoint.ts";

/** Forms, read as strictly as RFC 7578 allows. */
export const formFamily: EndpointFamily = endpointFamily("forms", "take forms, and tell how they were understood", [
  {
    path: "/form",
    does: "tells the parts of a multipart or urlencoded form in order: names, files, types, sizes, digests",
    example: "/form",
    handle: (exchange) => {
      const type = exchange.request.headers["content-type"] ?? "";
      const [, quoted, token] =
        /^multipart\/form-data;\s*boundary=(?:"([^"]{1,70})"|([^;\s"]{1,70}))/i.exec(type) ?? [];
      const boundary = quoted ?? token;
      if (boundary !== undefined) exchange.sendJson({ type: "multipart", parts: partsOf(exchange.body, boundary) });
      else if (/^application\/x-www-form-urlencoded(?:;|$)/i.test(type)) {
        const parts = [...new URLSearchParams(Buffer.from(exchange.body).toString())];
        exchange.sendJson({ type: "urlencoded", parts: parts.map(([name, text]) => ({ name, text })) });
      } else exchange.sendLine(415, "this is no form", { accept: "multipart/form-data" });
    },
  },
]);

interface Part extends PartHead {
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Of what is no file. */
  readonly text: string | undefined;
}

function partsOf(body: Uint8Array, boundary: string): readonly Part[] {
  const parts: Part[] = [];
  let head: PartHead | undefined;
  let pieces: Uint8Array[] = [];
  const parser = new MultipartParser(boundary, {}, { operation: "read a form" });
  try {
    for (const event of parser.read(body)) {
      if (event.type === "part") [head, pieces] = [event.head, []];
      else if (event.type === "data") pieces.push(event.bytes);
      else if (head !== undefined) {
        const bytes = Buffer.concat(pieces);
        const sha256 = createHash("sha256").update(bytes).digest("hex");
        const text = head.fileName === undefined ? bytes.toString() : undefined;
        parts.push({ ...head, sizeBytes: bytes.length, sha256, text });
      }
    }
    parser.end();
  } catch (error) {
    throw new BadRequest(`the form cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return parts;
}
