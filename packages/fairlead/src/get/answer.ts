import type { Hop, Reply } from "@fairlead/access";
import type { DeliveredBody } from "./body-delivery.ts";

/** What came of a plan, its body delivered. */
export interface Answer {
  readonly url: string;
  readonly status: number;
  readonly headers: Reply["headers"];
  /** Of all attempts. */
  readonly hops: readonly Hop[];
  readonly body: DeliveredBody;
}
