import type { ShownStaple } from "../../protocol/index.ts";
import { object, oneOf, optional, type Reader, text, variant } from "./reader.ts";

type Staple<Type extends ShownStaple["type"]> = Extract<ShownStaple, { readonly type: Type }>;

/** What a stapled response says. */
export const readStaple: Reader<ShownStaple> = variant<"type", ShownStaple>("type", {
  none: object<Staple<"none">>({ type: oneOf("none") }),
  good: object<Staple<"good">>({ type: oneOf("good"), thisUpdate: text, nextUpdate: text }),
  revoked: object<Staple<"revoked">>({ type: oneOf("revoked"), revokedAt: optional(text), reason: optional(text) }),
  unknown: object<Staple<"unknown">>({ type: oneOf("unknown") }),
  unusable: object<Staple<"unusable">>({ type: oneOf("unusable") }),
});
