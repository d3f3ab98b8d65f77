import type { JsonSchema } from "../document.ts";
import { isObject } from "../schema-walk.ts";
import { pointerTo } from "./import-session.ts";
import { quote } from "./source-text.ts";
import { array, atom, call, type Source } from "./source-tree.ts";
import type { SchemaMaker, SchemaSite } from "./schema-maker.ts";

/** Functions of `fairlead/rest` that the source uses. */
export type ContentFunction = "bytes" | "events" | "form" | "json" | "multipart" | "ndjson" | "problem" | "text";

/** What a message contains, as a contract says it; `undefined` for nothing. */
export function contentSource(
  content: unknown,
  pointer: string,
  maker: SchemaMaker,
  imports: Set<ContentFunction>,
): Source | undefined {
  if (!isObject(content)) return undefined;
  const offered = Object.entries(content).flatMap(([mediaType, object]) => {
    const source = oneContent(mediaType, object, pointerTo(pointer, mediaType), maker, imports);
    return source === undefined ? [] : [source];
  });
  const [first, ...others] = offered;
  if (first === undefined) return undefined;
  if (others.length === 0) return first.isSchema ? first.source : first.make();
  return array(offered.map(({ make }) => make()));
}

interface OneContent {
  readonly source: Source;
  /** Whether the schema alone says it. */
  readonly isSchema: boolean;
  /** The whole of it. */
  readonly make: () => Source;
}

function oneContent(
  name: string,
  object: unknown,
  pointer: string,
  maker: SchemaMaker,
  imports: Set<ContentFunction>,
): OneContent | undefined {
  const { session } = maker;
  const mediaType = name.split(";", 1).join("").trim().toLowerCase();
  if (!/^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+$/.test(mediaType)) {
    session.warn(pointer, "left-out", "this is no media type");
    return undefined;
  }
  if (mediaType !== name) session.warn(pointer, "changed", `it is ${mediaType} in the contract`);
  const members: JsonSchema = isObject(object) ? object : {};
  session.leaveOut(members, ["schema"], pointer);
  const schema = members["schema"];
  const kind = kindOf(mediaType, schema, pointer, maker);
  const use = (used: ContentFunction, ...parameters: Source[]) => {
    imports.add(used);
    return call(used, ...parameters);
  };
  const form = kind === "form" || kind === "multipart" ? kind : "json";
  const site: SchemaSite = { pointer: pointerTo(pointer, "schema"), depth: 0, form, trail: [], isDeferred: false };
  const makeSchema = (): Source => maker.zod(schema, site);
  const named = (usual: string): Source[] => (mediaType === usual ? [] : [atom(quote(mediaType))]);
  switch (kind) {
    case "json":
    case "problem": {
      const source = makeSchema();
      return {
        source,
        isSchema: mediaType === "application/json",
        make: () => (kind === "problem" ? use("problem", source) : use("json", source, ...named("application/json"))),
      };
    }
    case "ndjson": {
      const source = use("ndjson", makeSchema(), ...named("application/x-ndjson"));
      return { source, isSchema: false, make: () => source };
    }
    case "events":
    case "form":
    case "multipart": {
      const source = use(kind, makeSchema());
      return { source, isSchema: false, make: () => source };
    }
    case "text":
    case "bytes": {
      const source = use(kind, ...named(kind === "text" ? "text/plain" : "application/octet-stream"));
      return { source, isSchema: false, make: () => source };
    }
  }
}

function kindOf(mediaType: string, schema: unknown, pointer: string, { session }: SchemaMaker): ContentFunction {
  if (mediaType === "application/problem+json") return "problem";
  if (/^application\/(.+\+)?json$|\+json$/.test(mediaType)) return "json";
  if (/^application\/(x-ndjson|ndjson|jsonl|x-jsonlines|json-lines)$/.test(mediaType)) return "ndjson";
  if (mediaType === "text/event-stream") return "events";
  if (mediaType === "application/x-www-form-urlencoded") return "form";
  if (mediaType === "multipart/form-data") return "multipart";
  const isText = /^text\/|[/+](xml|yaml|javascript|csv)$/.test(mediaType);
  if (isObject(schema) && !isPlain(schema)) {
    session.warn(pointer, "unchecked", `what is in ${mediaType} is not looked at`);
  }
  return isText ? "text" : "bytes";
}

/** Text or octets without any conditions. */
function isPlain(schema: JsonSchema): boolean {
  const { type = "string", format = "binary" } = schema;
  return (
    type === "string" && format === "binary" && Object.keys(schema).every((key) => key === "type" || key === "format")
  );
}
