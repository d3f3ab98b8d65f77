/** How a contract is served. */
export interface ApiServerOptions {
  /** What the contract's paths come after, as `/v1`; nothing by default. */
  readonly prefix?: string;
  /** Where the OpenAPI document is, below the prefix: `/openapi.json` by default, `false` for nowhere. */
  readonly document?: `/${string}` | false;
  /** Where the page to try it is, below the prefix: `/docs` by default where there is a document, `false` for nowhere. */
  readonly page?: `/${string}` | false;
  /** Octets that a call's content may have; 1 MiB by default. */
  readonly contentLimitBytes?: number;
  /** Told what a handler threw, and of answers that break the contract: both are answered with 500, which says nothing of it. */
  readonly onError?: (error: unknown, request: Request) => void;
}
