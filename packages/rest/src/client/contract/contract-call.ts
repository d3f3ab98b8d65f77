import type { CallInput, Operation, Operations, ResponseOf, SuccessBody } from "../../contract/operation.ts";
import type { CallOptions } from "../options.ts";

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
  | "authenticate"
  | "cache"
  | "idempotencyKey"
  | "onDownloadProgress"
  | "onUploadProgress"
  | "retry"
  | "signal"
  | "timeout"
>;

/**
 * A call on its way: awaited, it gives the content of a success. A StatusError is an answer of 400 or more, whether it is of
 * the contract or not.
 *
 * @throws UsageError OPTION_INVALID when what is sent does not keep to the contract: nothing was sent then. ContentError
 * CONTRACT_BROKEN, CONTENT_TYPE_UNEXPECTED and others when what came does not. StatusError, and what `request` of the manager
 * throws.
 */
export interface ContractCall<O extends Operation> extends PromiseLike<SuccessBody<O>> {
  /** The answer, told apart by its status, whatever of the contract's it is: 400 and more included. */
  response(): Promise<ResponseOf<O>>;
}
