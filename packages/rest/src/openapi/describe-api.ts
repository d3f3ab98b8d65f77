import { UsageError } from "@fairlead/core";
import { reasonPhrase } from "@fairlead/http/h1";
import { PROBLEM_JSON } from "@fairlead/http/problem-details";
import type { ApiDefinition } from "../contract/api.ts";
import type { Content } from "../contract/content.ts";
import { contentsOf, responsesOf, type WholeResponse } from "../contract/content-of.ts";
import type { Operation } from "../contract/operation.ts";
import type { Schema } from "../contract/schema.ts";
import { componentSchemas, pascalCase, type ComponentSchemas, type SchemaScope } from "./component-schemas.ts";
import type {
  OpenApiContent,
  OpenApiDocument,
  OpenApiOperation,
  OpenApiOptions,
  OpenApiParameter,
  OpenApiResponse,
} from "./document.ts";
import { jsonSchemaOf, type SchemaPlace } from "./json-schema.ts";
import { parametersOf } from "./parameters.ts";
import { PROBLEM_SCHEMA } from "./problem-schema.ts";

/**
 * Describes a contract as OpenAPI 3.1. The same contract gives the same document, member by member.
 *
 * @throws UsageError OPTION_INVALID for a schema whose library does not say what it is in JSON Schema, and for two
 *   operations of one method and path.
 * @see https://spec.openapis.org/oas/v3.1.1.html
 */
export function describeApi(api: ApiDefinition, options: OpenApiOptions = {}): OpenApiDocument {
  const { title, version, description, operations } = api;
  const describer: Describer = { options, components: componentSchemas() };
  const paths = new Map<string, Record<string, OpenApiOperation>>();
  for (const [name, operation] of Object.entries(operations)) {
    const item = paths.get(operation.path) ?? {};
    const method = operation.method.toLowerCase();
    const before = item[method];
    if (before !== undefined) throw takenTwice(operation, before.operationId, name);
    item[method] = describeOperation(name, operation, describer);
    paths.set(operation.path, item);
  }
  const tags = new Set(Object.values(operations).flatMap((operation) => operation.tags ?? []));
  const problem = describer.components.open(PROBLEM_SCHEMA, "Problem").place(PROBLEM_SCHEMA);
  return {
    openapi: "3.1.1",
    info: { title, version, ...(description !== undefined && { description }) },
    ...(options.servers !== undefined && { servers: options.servers.map((url) => ({ url })) }),
    ...(tags.size > 0 && { tags: [...tags].map((tag) => ({ name: tag })) }),
    paths: Object.fromEntries(paths),
    components: {
      schemas: describer.components.schemas,
      responses: { Problem: { description: "what went wrong", content: { [PROBLEM_JSON]: { schema: problem } } } },
    },
  };
}

interface Describer {
  readonly options: OpenApiOptions;
  readonly components: ComponentSchemas;
}

function describeOperation(name: string, operation: Operation, describer: Describer): OpenApiOperation {
  const { summary, description, tags, deprecated, body } = operation;
  const parameters = [
    ...pathParameters(name, operation, describer),
    ...parametersIn("query", operation.query, name, describer),
    ...parametersIn("header", operation.headers, name, describer),
  ];
  const content = describeContents(contentsOf(body), { operation: name, part: "body" }, describer);
  return {
    operationId: name,
    ...(summary !== undefined && { summary }),
    ...(description !== undefined && { description }),
    ...(tags !== undefined && { tags }),
    ...(deprecated !== undefined && { deprecated }),
    ...(parameters.length > 0 && { parameters }),
    ...(content !== undefined && { requestBody: { required: true, content } }),
    responses: {
      ...Object.fromEntries(
        responsesOf(operation).map(([status, response]) => [
          status,
          describeResponse(status, response, { operation: name, part: `response ${status.toString()}` }, describer),
        ]),
      ),
      // RFC 9457: what a contract does not list of 4xx and 5xx.
      default: { $ref: "#/components/responses/Problem" },
    },
  };
}

/** Names of the path that no schema speaks of are text. */
function pathParameters(name: string, { path, params }: Operation, describer: Describer): readonly OpenApiParameter[] {
  const described = parametersIn("path", params, name, describer);
  return [...path.matchAll(/\{([^}]*)\}/g)].map(
    ([, variable = ""]) =>
      described.find((parameter) => parameter.name === variable) ?? {
        name: variable,
        in: "path",
        required: true,
        schema: { type: "string" },
      },
  );
}

const partNames = { path: "params", query: "query", header: "headers" } as const;

function parametersIn(
  where: OpenApiParameter["in"],
  schema: Schema | undefined,
  operation: string,
  describer: Describer,
): readonly OpenApiParameter[] {
  if (schema === undefined) return [];
  const place = { operation, part: partNames[where] };
  return parametersOf(open(schema, place, describer), where, place);
}

function describeResponse(
  status: number,
  { description, headers, contents }: WholeResponse,
  place: SchemaPlace,
  describer: Describer,
): OpenApiResponse {
  const content = describeContents(contents, place, describer);
  return {
    description: description ?? (reasonPhrase(status) || `status ${status.toString()}`),
    ...(headers !== undefined && { headers: describeHeaders(headers, place, describer) }),
    ...(content !== undefined && { content }),
  };
}

function describeHeaders(
  schema: Schema,
  { operation, part }: SchemaPlace,
  describer: Describer,
): NonNullable<OpenApiResponse["headers"]> {
  const place = { operation, part: `headers of ${part}` };
  const parameters = parametersOf(open(schema, place, describer), "header", place);
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, headerOf(parameter)]));
}

function headerOf({ description, required, deprecated, style, schema }: OpenApiParameter) {
  return {
    ...(description !== undefined && { description }),
    ...(required !== undefined && { required }),
    ...(deprecated !== undefined && { deprecated }),
    ...(style !== undefined && { style }),
    schema,
  };
}

function describeContents(
  contents: readonly Content[],
  place: SchemaPlace,
  describer: Describer,
): OpenApiContent | undefined {
  if (contents.length === 0) return undefined;
  return Object.fromEntries(contents.map((content) => [content.mediaType, mediaTypeObject(content, place, describer)]));
}

/** Of what comes one after the other, the schema is each one's: OpenAPI 3.1 has no words for the whole. */
function mediaTypeObject(content: Content, place: SchemaPlace, describer: Describer): OpenApiContent[string] {
  switch (content.kind) {
    case "json":
    case "ndjson":
    case "events":
    case "form":
    case "multipart": {
      const scope = open(content.schema, place, describer);
      return { schema: scope.place(scope.document) };
    }
    case "text":
      return { schema: { type: "string" } };
    case "bytes":
      return {};
  }
}

function open(schema: Schema, place: SchemaPlace, { options, components }: Describer): SchemaScope {
  const hint = pascalCase(`${place.operation} ${place.part}`);
  return components.open(jsonSchemaOf(schema, place, options), hint);
}

function takenTwice({ method, path }: Operation, first: string, second: string): UsageError {
  return new UsageError("OPTION_INVALID", {
    operation: `describe ${second}`,
    detail: `${method} ${path} is ${first} already`,
    remedy: "give one of them another method or path",
  });
}
