/** The head of a part of a form. */
export interface PartHead {
  readonly name: string;
  /** Without the directories that its sender may have put before it; `undefined` for what is no file. */
  readonly fileName: string | undefined;
  /** As it is written; `undefined` where the part does not say. */
  readonly contentType: string | undefined;
}

/**
 * Reads the head of a part. What readers understand in several ways is refused: fields and parameters that come twice, lines
 * that are folded, characters that may end a line.
 *
 * @param text the lines, each with its end.
 * @returns what is wrong with it, as a clause.
 * @see RFC 7578 section 4
 */
export function parsePartHead(text: string): PartHead | string {
  const fields = new Map<string, string>();
  for (const line of text.split("\r\n").slice(0, -1)) {
    const [, name = "", value = ""] = /^([!#$%&'*+.^`|~\w-]+):([^\u0000-\u0008\u000a-\u001f\u007f]*)$/.exec(line) ?? [];
    if (name === "") return "a line of a part's head that is no field";
    const key = name.toLowerCase();
    if (fields.has(key)) return "a part with a field twice";
    fields.set(key, value.trim());
  }
  const encoding = fields.get("content-transfer-encoding")?.toLowerCase() ?? "binary";
  // RFC 7578 section 4.7: nobody sends any other, so that nobody reads it either.
  if (!["7bit", "8bit", "binary"].includes(encoding)) return "a part with a transfer encoding";
  const disposition = parseDisposition(fields.get("content-disposition") ?? "");
  if (typeof disposition === "string") return disposition;
  const { name, filename } = disposition;
  if (name === undefined) return "a part without a name";
  const fileName = filename === undefined ? undefined : (/[^/\\]*$/.exec(filename)?.[0] ?? "");
  return { name, fileName, contentType: fields.get("content-type") };
}

const PARAMETER = /[ \t]*;[ \t]*([!#$%&'*+.^`|~\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([!#$%&'*+.^`|~\w-]+))/y;

function parseDisposition(value: string): { readonly name?: string; readonly filename?: string } | string {
  const [type = ""] = /^[^;\s]*/.exec(value) ?? [];
  if (type.toLowerCase() !== "form-data") return "a part that is no form data";
  const known: { name?: string; filename?: string } = {};
  PARAMETER.lastIndex = type.length;
  let end = type.length;
  for (let found = PARAMETER.exec(value); found !== null; found = PARAMETER.exec(value)) {
    end = PARAMETER.lastIndex;
    const [, key = "", quoted, token] = found;
    const parameter = key.toLowerCase();
    // RFC 7578 section 4.2: `filename*` is not used.
    if (parameter !== "name" && parameter !== "filename") continue;
    if (known[parameter] !== undefined) return "a part with two names";
    known[parameter] = token ?? unescaped(quoted ?? "");
  }
  return value.slice(end).trim() === "" ? known : "a part whose disposition cannot be read";
}

/** Browsers escape by percent, and leave a backslash as it is; others escape a quotation mark by it. */
function unescaped(quoted: string): string {
  return quoted.replaceAll('\\"', '"').replace(/%22/g, '"').replace(/%0A/gi, "\n").replace(/%0D/gi, "\r");
}
