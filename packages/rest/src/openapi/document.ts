import type { Schema } from "../contract/schema.ts";

/** An OpenAPI 3.1 document, ready for `JSON.stringify`. */
export interface OpenApiDocument {
  readonly openapi: `3.1.${number}`;
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly servers?: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components?: Readonly<Record<string, unknown>>;
}

/** How a contract is described. */
export interface OpenApiOptions {
  /** Where the service is. */
  readonly servers?: readonly string[];
  /**
   * The JSON Schema (2020-12) of a schema, where its library does not give one by itself as Standard JSON Schema has it;
   * `undefined` leaves it to that.
   */
  readonly jsonSchema?: (schema: Schema, side: "input" | "output") => Readonly<Record<string, unknown>> | undefined;
}
