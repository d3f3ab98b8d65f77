import { PatchRefusal } from "./patch-refusal.ts";
import { isJsonObject } from "./value.ts";

/** One change of a JSON Patch. RFC 6902 section 4. */
export type JsonPatchOperation =
  | { readonly op: "add" | "replace" | "test"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string }
  | { readonly op: "move" | "copy"; readonly from: string; readonly path: string };

/** Reads one operation as it came. @throws PatchRefusal PATCH_INVALID */
export function readPatchOperation(operation: unknown): JsonPatchOperation {
  if (!isJsonObject(operation)) throw new PatchRefusal("PATCH_INVALID", "it is no object");
  const { op, path, from, value } = operation;
  if (typeof path !== "string") throw new PatchRefusal("PATCH_INVALID", "path is missing");
  switch (op) {
    case "add":
    case "replace":
    case "test":
      if (!Object.hasOwn(operation, "value")) throw new PatchRefusal("PATCH_INVALID", "value is missing");
      return { op, path, value };
    case "remove":
      return { op, path };
    case "move":
    case "copy":
      if (typeof from !== "string") throw new PatchRefusal("PATCH_INVALID", "from is missing");
      return { op, from, path };
    default:
      throw new PatchRefusal("PATCH_INVALID", "op is unknown");
  }
}
