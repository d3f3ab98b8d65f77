import type { UrlKnowledge } from "../url-knowledge.ts";

/** What the host application knows beside the URL. Whatever is left out gives no cue. */
export interface CueFacts extends UrlKnowledge {
  /** Milliseconds since the epoch. */
  readonly now?: number | undefined;
  /** When the certificate of the server began to be valid; milliseconds since the epoch. */
  readonly certificateNotBefore?: number | undefined;
  /** Whether the page has a field for a password. */
  readonly hasPasswordField?: boolean | undefined;
}
