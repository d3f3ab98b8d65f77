import { AuthenticationError } from "@fairlead/core";
import type { OAuth1Problem } from "./protocol/received-request.ts";

/** A request that is not signed as OAuth 1.0 asks. */
export class OAuth1Refusal extends AuthenticationError {
  /** As the Problem Reporting extension calls it. Whether a key is unknown or a signature wrong is not told apart. */
  readonly problem: OAuth1Problem;

  constructor(problem: OAuth1Problem, detail?: string) {
    super("OAUTH_SIGNATURE_INVALID", {
      operation: "verify",
      detail: detail === undefined ? problem : `${problem}: ${detail}`,
    });
    this.problem = problem;
  }

  /**
   * What a server answers: 400 for a request that cannot be, 401 for one that is not believed, and why.
   *
   * @param realm printable ASCII.
   * @see RFC 5849 section 3.2
   */
  response(realm = ""): Response {
    const isUnbelieved = ["signature_invalid", "timestamp_refused", "nonce_used"].includes(this.problem);
    const quoted = realm.replace(/["\\]/g, "\\$&");
    return new Response(null, {
      status: isUnbelieved ? 401 : 400,
      headers: {
        "www-authenticate": `OAuth realm="${quoted}", oauth_problem="${this.problem}"`,
        "cache-control": "no-store",
      },
    });
  }
}
