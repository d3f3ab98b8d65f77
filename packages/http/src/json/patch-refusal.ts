import type { ContentErrorCode } from "@fairlead/core";

/** Why an operation is not carried out; `message` quotes nothing. */
export class PatchRefusal extends Error {
  readonly code: Extract<
    ContentErrorCode,
    "CONTENT_LIMIT" | "JSON_TOO_DEEP" | "PATCH_INVALID" | "PATCH_NOT_APPLICABLE"
  >;

  constructor(code: PatchRefusal["code"], message: string) {
    super(message);
    this.code = code;
  }
}
