import { ContentError, isCodedError } from "@fairlead/core";
import { readJson } from "@fairlead/http/json";
import type { JsonSchema } from "../document.ts";
import { isObject } from "../schema-walk.ts";

/** An OpenAPI document, its parts not looked at yet. */
export interface ReadDocument {
  readonly root: JsonSchema;
  /** `3.0.3`, `3.1.0`. */
  readonly version: string;
}

/** Aliases that YAML may expand to; a few of them can stand for more than a machine has room for. */
const ALIAS_LIMIT = 1_000;

/**
 * Reads an OpenAPI document, JSON or YAML.
 *
 * @throws ContentError OPENAPI_INVALID; OPENAPI_UNSUPPORTED for a version that is not 3.0 or 3.1.
 */
export async function readDocument(text: string, name: string): Promise<ReadDocument> {
  const root = /^\uFEFF?\s*\{/.test(text) ? fromJson(text, name) : await fromYaml(text, name);
  if (!isObject(root)) throw invalid(name, "it is no object");
  const { openapi, swagger } = root;
  if (typeof openapi === "string" && /^3\.[01]\.\d+(-|$)/.test(openapi)) return { root, version: openapi };
  if (swagger !== undefined) {
    throw unsupported(
      name,
      "it is of version 2.0, as of Swagger",
      "convert it to OpenAPI 3.1 first, as swagger2openapi does",
    );
  }
  if (typeof openapi !== "string") throw invalid(name, "it does not say which version of OpenAPI it is of");
  throw unsupported(name, `it is of version ${openapi}`, "give a document of OpenAPI 3.0 or 3.1");
}

function fromJson(text: string, name: string): unknown {
  try {
    return readJson(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    // YAML may begin with a brace, too; but what it would allow there nobody has written for years.
    throw invalid(name, isCodedError(cause) ? cause.message : "it is no JSON", cause);
  }
}

async function fromYaml(text: string, name: string): Promise<unknown> {
  const { isScalar, parseDocument, visit } = await import("yaml");
  try {
    // The library compares each name with all before it, which takes minutes where there are many.
    const document = parseDocument(text, { schema: "core", uniqueKeys: false });
    for (const error of document.errors) throw error;
    visit(document, {
      Map: (_, { items }) => {
        const names = items.map(({ key }) => (isScalar(key) ? key.value : key));
        if (new Set(names).size < names.length) throw new TypeError("Map keys must be unique");
      },
    });
    return document.toJS({ maxAliasCount: ALIAS_LIMIT });
  } catch (cause) {
    // Too many aliases, too deep a nesting, or no YAML: the library says which.
    const [what = ""] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
    throw invalid(name, what, cause);
  }
}

/** Whatever is wrong with a document. */
export function invalid(name: string, detail: string, cause?: unknown): ContentError {
  return new ContentError("OPENAPI_INVALID", { operation: "import", peer: name, detail, cause });
}

/** What no contract can be made of. */
export function unsupported(name: string, detail: string, remedy: string): ContentError {
  return new ContentError("OPENAPI_UNSUPPORTED", { operation: "import", peer: name, detail, remedy });
}
