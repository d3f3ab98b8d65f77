import type { DigestAlgorithm } from "@fairlead/http/digest-fields";
import type { RequestOptions } from "../request.ts";

/** What one upload may say for itself. Its `method` is `PUT` by default. */
export interface UploadOptions extends Omit<RequestOptions, "body"> {
  /** `application/octet-stream` by default. A field of `headers` goes before. */
  readonly contentType?: string;
  /** Sends what the file is, as `Repr-Digest` and `Content-Digest`, by this algorithm; the file is read once more for that. */
  readonly digest?: DigestAlgorithm;
  /** Told after each piece that was taken; whatever it throws ends the upload. */
  readonly onProgress?: (progress: UploadProgress) => void;
}

/** How far an upload has come. `sentBytes` never falls. */
export interface UploadProgress {
  /** Bytes that were taken, those that had to be sent again included. */
  readonly sentBytes: number;
  /** What `sentBytes` comes to when nothing more is to be sent again. */
  readonly totalBytes: number;
  /** What was sent in vain: to who redirected, or wanted to know who asks. */
  readonly repeatedBytes: number;
}
