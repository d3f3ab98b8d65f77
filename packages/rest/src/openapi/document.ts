import type { Schema } from "../contract/schema.ts";

/** A JSON Schema (2020-12) that is an object. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** An OpenAPI 3.1 document, ready for `JSON.stringify`. */
export interface OpenApiDocument {
  readonly openapi: `3.1.${number}`;
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly servers?: readonly { readonly url: string }[];
  readonly tags?: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components?: {
    readonly schemas?: Readonly<Record<string, JsonSchema>>;
    readonly responses?: Readonly<Record<string, OpenApiResponse>>;
  };
}

/** What there is at one path, by lower-case method. */
export type PathItem = Readonly<Record<string, OpenApiOperation>>;

/** One operation. */
export interface OpenApiOperation {
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly deprecated?: boolean;
  readonly parameters?: readonly OpenApiParameter[];
  readonly requestBody?: { readonly required: true; readonly content: OpenApiContent };
  readonly responses: Readonly<Record<string, OpenApiResponse | { readonly $ref: string }>>;
}

/** One value of a path, a query or a header section. */
export interface OpenApiParameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly description?: string;
  readonly required?: boolean;
  readonly deprecated?: boolean;
  /** With `explode`: how a list is written. */
  readonly style?: "form" | "simple";
  readonly explode?: boolean;
  readonly schema: JsonSchema;
}

/** One answer. */
export interface OpenApiResponse {
  readonly description: string;
  readonly headers?: Readonly<Record<string, Omit<OpenApiParameter, "name" | "in">>>;
  readonly content?: OpenApiContent;
}

/** Schemas by media type; without one, content is octets. */
export type OpenApiContent = Readonly<Record<string, { readonly schema?: JsonSchema }>>;

/** How a contract is described. */
export interface OpenApiOptions {
  /** Where the service is. */
  readonly servers?: readonly string[];
  /**
   * The JSON Schema (2020-12) of a schema, where its library does not give one by itself as Standard JSON Schema has it;
   * `undefined` leaves it to that.
   */
  readonly jsonSchema?: (schema: Schema, side: "input" | "output") => JsonSchema | undefined;
}
