import { PolicyError } from "@fairlead/core";
import type { Reply } from "../reply.ts";

/** What is asked for is no longer what it was. */
export class VersionChanged extends Error {
  override readonly name = "VersionChanged";
}

/** A response that brings no file. */
export class UnexpectedStatus extends PolicyError {
  readonly response: Pick<Reply, "status" | "headers">;

  constructor(reply: Reply, peer: string) {
    const { status, headers } = reply;
    super("STATUS_UNEXPECTED", { peer, operation: "download", status, detail: `status ${String(status)}` });
    this.response = { status, headers };
  }
}
