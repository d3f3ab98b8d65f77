/**
 * What went wrong, for programs: the JSON object that the media type `application/problem+json` names. Members beside these
 * five are the problem type's own.
 *
 * @see RFC 9457 section 3
 */
export interface ProblemDetails {
  /** A URI that names the kind of problem; `about:blank` where the status says it all. */
  readonly type: string;
  /** What the kind is called; the same for each occurrence. */
  readonly title?: string;
  /** What the sender of the problem answered with; the response's own status counts. */
  readonly status?: number;
  /** What this occurrence is about, for people. */
  readonly detail?: string;
  /** A URI reference that names this occurrence. */
  readonly instance?: string;
  readonly [extension: string]: unknown;
}

/** The media type of {@link ProblemDetails}. */
export const PROBLEM_JSON = "application/problem+json";

/**
 * Makes problem details of a JSON value; `undefined` for what is no object. A member that has another type than it should
 * is left out, as if it were not there.
 *
 * @see RFC 9457 section 3.1
 */
export function readProblemDetails(value: unknown): ProblemDetails | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { type, title, status, detail, instance, ...members } = value as Readonly<Record<string, unknown>>;
  // Who copies it by assignment would get a prototype of the sender's choice.
  const extensions = Object.entries(members).filter(([name]) => name !== "__proto__");
  return {
    ...Object.fromEntries(extensions),
    type: typeof type === "string" ? type : "about:blank",
    ...(typeof title === "string" && { title }),
    ...(typeof status === "number" && { status }),
    ...(typeof detail === "string" && { detail }),
    ...(typeof instance === "string" && { instance }),
  };
}
