import { decodeExtendedValue } from "@fairlead/http/link";
import type { ShownField } from "../../../protocol/index.ts";

/** What a server sends as a file to keep. */
export interface Attachment {
  /** What the server would call it, without folders; `undefined` where it does not say. */
  readonly fileName: string | undefined;
}

const TYPE = /^\s*([!#$%&'*+.^`|~\w-]*)/;
const PARAMETER = /\s*;\s*([!#$%&'*+.^`|~\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/y;

/**
 * Whether a response is to be kept as a file, by its Content-Disposition: whatever is not `inline` is.
 *
 * @see RFC 6266 sections 4.2 and 4.3
 */
export function attachmentOf(fields: readonly ShownField[]): Attachment | undefined {
  const value = fields.find(([name]) => name.toLowerCase() === "content-disposition")?.[1] ?? "";
  const [before = "", type = ""] = TYPE.exec(value) ?? [];
  if (type === "" || type.toLowerCase() === "inline") return undefined;
  const parameters = new Map<string, string>();
  PARAMETER.lastIndex = before.length;
  for (let found = PARAMETER.exec(value); found !== null; found = PARAMETER.exec(value)) {
    const [, name = "", quoted, token = ""] = found;
    const key = name.toLowerCase();
    if (!parameters.has(key)) parameters.set(key, quoted?.replace(/\\(.)/g, "$1") ?? token);
  }
  const said = decodeExtendedValue(parameters.get("filename*") ?? "") ?? parameters.get("filename") ?? "";
  const [fileName = ""] = /[^/\\]*$/.exec(said) ?? [];
  return { fileName: fileName === "" ? undefined : fileName };
}
