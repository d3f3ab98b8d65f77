import { ContentError } from "@fairlead/core";
import { LeanResponse } from "@fairlead/server/fetch";
import { check } from "../contract/check.ts";
import type { WholeResponse } from "../contract/content-of.ts";
import type { Content } from "../contract/content.ts";

/** One answer of a contract, as it is sent. */
export class ServedResponse {
  readonly status: number;
  readonly contents: readonly Content[];
  readonly #operation: string;

  constructor(operation: string, status: number, { contents }: WholeResponse) {
    this.#operation = operation;
    this.status = status;
    this.contents = contents;
  }

  async make(value: unknown): Promise<Response> {
    const [content] = this.contents;
    if (content === undefined) return new LeanResponse(null, { status: this.status });
    if (content.kind !== "json") throw new TypeError("not yet");
    const checked = await check(content.schema, value);
    if (checked.type === "faulty") {
      const detail = `answer ${String(this.status)}`;
      throw new ContentError("CONTRACT_BROKEN", { operation: this.#operation, detail, issues: checked.issues });
    }
    return new LeanResponse(JSON.stringify(value), {
      status: this.status,
      fields: ["content-type", content.mediaType],
    });
  }
}
