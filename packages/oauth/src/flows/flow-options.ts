/** What every flow can be told. */
export interface FlowOptions {
  readonly signal?: AbortSignal;
}
