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
