/** A REST client: with a contract, or without. */
export { apiClient, type ApiClientOptions } from "./api-client.ts";
export type { ApiClient, CallSettings, ContractCall, OperationCall } from "./contract/contract-call.ts";
export type { Call, RestClient } from "./call.ts";
export type { ContentReader, ItemsOptions } from "./content-reader.ts";
export type {
  CallOptions,
  Progress,
  QueryInput,
  RestClientOptions,
} from "./options.ts";
export type { RestResponse } from "./rest-response.ts";
export type { TemplateScalar, TemplateValues } from "@fairlead/http/uri-template";
export { del, get, head, patch, post, put } from "./one-liners.ts";
export { basic, bearer, type CredentialOptions } from "./preset-credentials.ts";
export { restClient } from "./rest-client.ts";
export { StatusError } from "./status-error.ts";
