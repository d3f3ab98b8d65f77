/** Contracts as OpenAPI documents, and OpenAPI documents as contracts. */
export type { OpenApiDocument, OpenApiOptions } from "./document.ts";
