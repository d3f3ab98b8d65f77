/** What the console answers where it does not do what it was asked: Problem Details. RFC 9457. */
export class RequestProblem extends Error {
  override readonly name = "RequestProblem";
  /** The code of the error; empty where there is none. */
  readonly code: string;
  /** What to do about it; empty where nobody knows. */
  readonly remedy: string;
  /** Of the response; 0 where none came. */
  readonly status: number;

  constructor(message: string, { code, remedy, status }: Pick<RequestProblem, "code" | "remedy" | "status">) {
    super(message);
    this.code = code;
    this.remedy = remedy;
    this.status = status;
  }
}

/** Reads Problem Details, or what else came in their place. */
export function readProblem(status: number, body: unknown): RequestProblem {
  const said: Readonly<Record<string, unknown>> = typeof body === "object" && body !== null ? { ...body } : {};
  const text = (name: string): string => {
    const value = said[name];
    return typeof value === "string" ? value : "";
  };
  return new RequestProblem(text("detail") || text("title") || `HTTP ${status}`, {
    code: text("code"),
    remedy: text("remedy"),
    status,
  });
}
