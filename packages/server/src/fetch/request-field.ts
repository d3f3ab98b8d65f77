import { LeanRequest } from "./lean-request.ts";

/** A field of a request, its lines joined by commas; `undefined` where it has none. Nothing is built of it by looking. */
export function requestField(request: Request, name: string): string | undefined {
  const fields = LeanRequest.exchangeOf(request)?.head.fields;
  if (fields === undefined) return request.headers.get(name) ?? undefined;
  let value: string | undefined;
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const own = fields[at] ?? "";
    if (own !== name && (own.length !== name.length || own.toLowerCase() !== name)) continue;
    value = value === undefined ? fields[at + 1] : `${value}, ${fields[at + 1] ?? ""}`;
  }
  return value;
}
