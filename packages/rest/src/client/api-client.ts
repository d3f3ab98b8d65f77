import type { CallInput, Operation, Operations, ResponseOf, SuccessBody } from "../contract/operation.ts";
import type { CallOptions, RestClientOptions } from "./options.ts";

/** How the client of a contract asks. */
export interface ApiClientOptions extends RestClientOptions {
  readonly base: string | URL;
}

/** A function for each operation. */
export type ApiClient<Ops extends Operations> = { readonly [Name in keyof Ops]: OperationCall<Ops[Name]> };

/** Asks for one operation. */
export type OperationCall<O extends Operation> = (
  ...input: Partial<CallInput<O>> extends CallInput<O>
    ? [input?: CallInput<O>, settings?: CallSettings]
    : [input: CallInput<O>, settings?: CallSettings]
) => ContractCall<O>;

/** What one call says for itself that is not the contract's to say. */
export type CallSettings = Pick<
  CallOptions,
  "authenticate" | "cache" | "onDownloadProgress" | "onUploadProgress" | "retry" | "signal" | "timeout"
>;

/** A call on its way: awaited, it gives the content of a success; anything else is an error. */
export interface ContractCall<O extends Operation> extends PromiseLike<SuccessBody<O>> {
  /** The answer, told apart by its status, whatever of the contract's it is. */
  response(): Promise<ResponseOf<O>>;
}
