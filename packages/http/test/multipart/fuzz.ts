import { ContentError } from "@fairlead/core";
import { MultipartParser } from "@fairlead/http/multipart";
import fc from "fast-check";
import assert from "node:assert/strict";

const HEAD = '--b\r\nContent-Disposition: form-data; name="a"';
const pieces = fc.oneof(
  fc.constantFrom(
    HEAD,
    `${HEAD}; filename="f"`,
    "\r\n\r\n",
    "\r\n--b\r\n",
    "\r\n--b--",
    "--b",
    "\r\n",
    "\r",
    "\n",
    "--",
    '"',
    "\\",
    " ",
  ),
  fc.string({ maxLength: 4 }),
);
const forms = fc.array(pieces, { maxLength: 24 }).map((all) => new TextEncoder().encode(HEAD + all.join("")));

/** Feeds a form, made by chance from a seed, whole and octet by octet, which must tell the same. @returns what came of it. */
export function fuzzMultipart(seed: number): string {
  const [form = new Uint8Array()] = fc.sample(forms, { numRuns: 1, seed });
  const whole = read([form]);
  const cut = read(Array.from(form, (octet) => Uint8Array.of(octet)));
  assert.deepEqual(cut, whole, `seed ${String(seed)}: ${JSON.stringify(Buffer.from(form).toString())}`);
  return whole.ended;
}

function read(chunks: readonly Uint8Array[]): { readonly told: readonly string[]; readonly ended: string } {
  const parser = new MultipartParser("b", { fieldLimitBytes: 64 }, {});
  const told: string[] = [];
  let content = "";
  try {
    for (const chunk of chunks) {
      for (const event of parser.read(chunk)) {
        if (event.type === "data") content += Buffer.from(event.bytes).toString("latin1");
        else told.push(event.type === "part" ? JSON.stringify(event.head) : content);
        if (event.type !== "data") content = "";
      }
    }
    parser.end();
    return { told, ended: "form" };
  } catch (error) {
    assert.ok(error instanceof ContentError, String(error));
    return { told, ended: error.code };
  }
}
