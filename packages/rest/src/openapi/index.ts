/** Contracts as OpenAPI documents, and OpenAPI documents as contracts. */
export { describeApi } from "./describe-api.ts";
export type {
  JsonSchema,
  OpenApiContent,
  OpenApiDocument,
  OpenApiOperation,
  OpenApiOptions,
  OpenApiParameter,
  OpenApiResponse,
  PathItem,
} from "./document.ts";
export { importOpenApi, type ImportedOpenApi, type ImportOpenApiOptions } from "./import/import-openapi.ts";
export type { ImportWarning } from "./import/import-session.ts";
export { tryPage, type TryPage } from "./try-page/try-page.ts";
