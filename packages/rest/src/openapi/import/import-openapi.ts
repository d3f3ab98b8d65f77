import { isObject } from "../schema-walk.ts";
import { componentIdentifiers, componentSources } from "./component-sources.ts";
import { importSession, pointerTo, type ImportSession, type ImportWarning } from "./import-session.ts";
import type { ContentFunction } from "./media-content.ts";
import { names } from "./names.ts";
import { operationSources, type OperationMaker } from "./operation-source.ts";
import { printSource } from "./print-source.ts";
import { invalid, readDocument } from "./read-document.ts";
import { docstring, quote } from "./source-text.ts";
import { array, atom, block, call, type Member } from "./source-tree.ts";
import type { Helper } from "./schema-maker.ts";
import { schemaMaker } from "./zod-schema.ts";

/** How a document becomes a contract. */
export interface ImportOpenApiOptions {
  /** What the document is called in errors; `the document` by default. */
  readonly name?: string;
  /** The module that the source has `defineApi` from; `fairlead/rest` by default. */
  readonly module?: string;
  /** UTF-16 code units that the document may have; 32 Mi by default. */
  readonly sizeLimit?: number;
}

/** A contract, as source. */
export interface ImportedOpenApi {
  /** A module of TypeScript that exports the contract as `api`, each component, and where the service is. */
  readonly source: string;
  /** What the contract does not say as the document does. */
  readonly warnings: readonly ImportWarning[];
}

const SIZE_LIMIT = 32 * 1024 * 1024;

/**
 * Makes a contract, with schemas of zod, out of an OpenAPI 3.0 or 3.1 document in JSON or YAML. Nothing of the document is
 * run, here or in the source; nothing outside the document is read.
 *
 * @throws ContentError OPENAPI_INVALID; OPENAPI_UNSUPPORTED for other versions, and for a document in several files.
 * @example
 * const { source, warnings } = await importOpenApi(await readFile("petstore.yaml", "utf8"));
 */
export async function importOpenApi(text: string, options: ImportOpenApiOptions = {}): Promise<ImportedOpenApi> {
  const { name = "the document", module = "fairlead/rest", sizeLimit = SIZE_LIMIT } = options;
  if (text.length > sizeLimit) throw invalid(name, `it is larger than ${sizeLimit.toString()} characters`);
  const { root, version } = await readDocument(text, name);
  const session = importSession(name, root, version);
  try {
    return { source: contractSource(session, version, module), warnings: session.warnings };
  } catch (cause) {
    // References can lead deeper than the document is.
    if (cause instanceof RangeError) throw invalid(name, "it is nested too deeply once references are followed", cause);
    throw cause;
  }
}

function contractSource(session: ImportSession, version: string, module: string): string {
  const { root } = session;
  session.leaveOut(root, ["openapi", "info", "servers", "tags", "paths", "components", "jsonSchemaDialect"], "");
  const components = isObject(root["components"]) ? root["components"] : {};
  session.leaveOut(components, COMPONENTS, "/components");
  const schemas = isObject(components["schemas"]) ? components["schemas"] : {};

  const identifiers = componentIdentifiers(schemas);
  const helpers = new Set<Helper>();
  const imports = new Set<ContentFunction>();
  const constants = componentSources(schemas, identifiers, session, helpers);
  const maker: OperationMaker = {
    ...schemaMaker({ session, identifiers, helpers, circle: new Set() }),
    imports,
    operationNames: names([]),
  };
  const info = isObject(root["info"]) ? root["info"] : {};
  session.leaveOut(info, ["title", "version", "description"], "/info");
  tagsOf(session);
  const title = textOf(info["title"], "API");
  const members: readonly Member[] = [
    { name: "title", value: atom(quote(title)) },
    { name: "version", value: atom(quote(textOf(info["version"], "1"))) },
    ...(typeof info["description"] === "string"
      ? [{ name: "description", value: atom(quote(info["description"])) }]
      : []),
    { name: "operations", value: block(operationSources(root["paths"], maker)) },
  ];
  const documentation = docstring(title).map((line) => `${line}\n`);
  const code = [
    ...[...helpers].sort().map((helper) => helperSources[helper]),
    ...constants,
    ...serverSources(session),
    `${documentation.join("")}export const api = ${printSource(call("defineApi", block(members)), 0, 19)};\n`,
  ].join("\n");
  const made = `// A contract made of ${quote(title)}, OpenAPI ${version.replace(/[^\d.]/g, "")}, by 'fairlead openapi import'.\n`;
  const imported = ["defineApi", ...imports].sort();
  const zod = usesZod(code) ? 'import { z } from "zod";\n' : "";
  return `${made}\nimport { ${imported.join(", ")} } from ${quote(module)};\n${zod}\n${code}`;
}

/** Whether there is any schema. Before the first, no literal looks like the beginning of another. */
function usesZod(code: string): boolean {
  return /\bz\s*\./.test(code.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\*[^]*?\*\//g, ""));
}

/** Parts that are looked at where something refers to them; the others are told of. */
const COMPONENTS = ["schemas", "parameters", "responses", "requestBodies", "headers", "pathItems", "examples"];

const helperSources: Readonly<Record<Helper, string>> = {
  flag: `/** \`true\` or \`false\`, as text has them. */
const flag = z.preprocess((value) => (value === "true" ? true : value === "false" ? false : value), z.boolean());
`,
  list: `/** A list of text; one value is a list of one. */
const list = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (Array.isArray(value) ? value : [value]), schema);
`,
};

function textOf(value: unknown, otherwise: string): string {
  return typeof value === "string" && value !== "" ? value : typeof value === "number" ? value.toString() : otherwise;
}

function tagsOf(session: ImportSession): void {
  const { tags } = session.root;
  for (const [index, tag] of (Array.isArray(tags) ? tags : []).entries()) {
    if (isObject(tag)) session.leaveOut(tag, ["name"], pointerTo("/tags", index));
  }
}

/** Where the service is, for the option `base`; what varies of an address is what it is by default. */
function serverSources(session: ImportSession): readonly string[] {
  const { servers } = session.root;
  const urls = (Array.isArray(servers) ? servers : []).flatMap((server: unknown, index) => {
    if (!isObject(server) || typeof server["url"] !== "string") return [];
    const pointer = pointerTo("/servers", index);
    session.leaveOut(server, ["url", "variables"], pointer);
    const variables = isObject(server["variables"]) ? server["variables"] : {};
    if (Object.keys(variables).length > 0)
      session.warn(pointer, "changed", "its variables are what they are by default");
    return [
      server["url"].replace(/\{([^}]*)\}/g, (whole, name: string) => {
        const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
        return isObject(variable) && typeof variable["default"] === "string" ? variable["default"] : whole;
      }),
    ];
  });
  if (urls.length === 0) return [];
  const head = "export const servers = ";
  const list = printSource(array(urls.map((url) => atom(quote(url)))), 0, head.length, " as const;".length);
  return [`/** Where the service is. */\n${head}${list} as const;\n`];
}
