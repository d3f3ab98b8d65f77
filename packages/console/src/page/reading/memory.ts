import { type MemoryKind, memoryKinds, type MemoryPage, type RememberedThing } from "../../protocol/index.ts";
import { list, object, oneOf, optional, pair, type Reader, text, whole } from "./reader.ts";

/** A part of what is remembered. */
export const readMemoryPage = object<MemoryPage>({
  kind: oneOf(...memoryKinds),
  total: whole,
  from: whole,
  things: list(object<RememberedThing>({ key: text, subject: text, facts: list(pair(text)), expires: optional(text) })),
});

/** How much there is, by kind. */
export const readMemoryCounts: Reader<Readonly<Record<MemoryKind, number>>> = object<
  Readonly<Record<MemoryKind, number>>
>({
  hsts: whole,
  cookies: whole,
  tickets: whole,
  intermediates: whole,
  redirects: whole,
  responses: whole,
  exceptions: whole,
});
