/** A REST client: with a contract, or without. */
export type { ApiClient, ApiClientOptions, CallSettings, ContractCall, OperationCall } from "./api-client.ts";
export type { Call, ItemsOptions, RestClient } from "./call.ts";
export type {
  CallOptions,
  Progress,
  QueryInput,
  RestClientOptions,
  TemplateScalar,
  TemplateValues,
} from "./options.ts";
export type { RestResponse } from "./rest-response.ts";
