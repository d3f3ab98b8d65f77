import { readProblemDetails, type ProblemDetails } from "@fairlead/http/problem-details";

/** What a service says went wrong, in whichever form it says so: problem details, with what most services say beside. */
export interface ServiceProblem extends ProblemDetails {
  /** What the service calls the kind, for programs: `card_declined`, `INVALID_ARGUMENT`, 20404. */
  readonly code?: string | number;
  /** What is wrong, one by one. */
  readonly errors?: readonly ProblemItem[];
  /** Where people read about it. */
  readonly help?: string;
}

/** One thing that is wrong. */
export interface ProblemItem {
  readonly detail?: string;
  readonly code?: string | number;
  /** Where in the request it is, as the service names it: a member, a path of members, a JSON Pointer, a parameter. */
  readonly at?: string;
}

/**
 * Reads the error of a service: problem details (RFC 9457), and what Google and Azure, Stripe, OAuth 2, JSON:API, GraphQL,
 * Kubernetes, GitHub and Twilio answer with. `undefined` for what is none of them.
 *
 * @param value what the content is as JSON.
 * @param status the response's own.
 */
export function readServiceProblem(value: unknown, status: number): ServiceProblem | undefined {
  const content = object(value);
  if (content === undefined) return undefined;
  if (typeof content["error"] === "string") return readOauthError(content, status);
  const error = object(content["error"]);
  if (error !== undefined) return readErrorMember(error, status);
  if (content["kind"] === "Status" && typeof content["reason"] === "string")
    return readKubernetesStatus(content, status);
  if (typeof content["message"] === "string") return readMessage(content, status);
  const errors = list(content["errors"]);
  const [first] = errors;
  if (typeof content["title"] === "string" || typeof content["detail"] === "string" || first === undefined) {
    return isProblem(content) ? readProblemDetails(content) : undefined;
  }
  return readErrors(errors, first, status);
}

type Members = Readonly<Record<string, unknown>>;

/** Items of one list that are kept. */
const ITEMS = 100;

/** At least one of the standard's members, in its type: `{}` says nothing. */
function isProblem({ type, title, detail }: Members): boolean {
  return [type, title, detail].some((member) => typeof member === "string");
}

/** `{"error":"invalid_grant","error_description":"…"}`. RFC 6749 section 5.2. */
function readOauthError({ error, error_description, error_uri, message }: Members, status: number): ServiceProblem {
  return problem(status, { code: error, detail: error_description ?? message, help: error_uri });
}

/** `{"error":{…}}` of Google (AIP-193), Azure and OData, and Stripe. */
function readErrorMember(error: Members, status: number): ServiceProblem {
  const details = list(error["details"]);
  const violations = details.flatMap((detail) => list(detail["fieldViolations"]));
  // Google says in `status` what Stripe and Azure say in `code`; its `code` is the number of the HTTP status.
  return problem(status, {
    title: error["type"],
    code: error["status"] ?? error["code"],
    detail: error["message"],
    help: error["doc_url"] ?? details.flatMap((detail) => list(detail["links"]))[0]?.["url"],
    errors: violations.length > 0 ? violations : [...list(error["errors"]), ...details],
    at: error["param"] ?? error["target"],
  });
}

/** The `Status` of Kubernetes. */
function readKubernetesStatus({ reason, message, details }: Members, status: number): ServiceProblem {
  return problem(status, { code: reason, detail: message, errors: list(object(details)?.["causes"]) });
}

/** `{"message":"…"}` of GitHub, Twilio and many others. */
function readMessage(content: Members, status: number): ServiceProblem {
  const { code, message, documentation_url, more_info, errors } = content;
  return problem(status, { code, detail: message, help: documentation_url ?? more_info, errors: list(errors) });
}

/** `{"errors":[…]}` of JSON:API, and of GraphQL. */
function readErrors(errors: readonly Members[], first: Members, status: number): ServiceProblem {
  return problem(status, {
    title: first["title"],
    code: first["code"] ?? object(first["extensions"])?.["code"],
    detail: first["detail"] ?? first["message"],
    help: object(first["links"])?.["about"],
    errors,
  });
}

interface Said {
  readonly title?: unknown;
  readonly code?: unknown;
  readonly detail?: unknown;
  readonly help?: unknown;
  readonly at?: unknown;
  readonly errors?: readonly Members[];
}

function problem(status: number, { title, code, detail, help, at, errors = [] }: Said): ServiceProblem {
  const items = errors.slice(0, ITEMS).flatMap((error) => item(error) ?? []);
  if (typeof at === "string" && items.length === 0) items.push({ at });
  return {
    type: "about:blank",
    status,
    ...text("title", title),
    ...text("detail", detail),
    ...text("help", help),
    ...(isCode(code) && { code }),
    ...(items.length > 0 && { errors: items }),
  };
}

/** One thing that is wrong, as any of them says it; `undefined` for what says nothing that is known. */
function item(error: Members): ProblemItem | undefined {
  const source = object(error["source"]);
  const code = error["code"] ?? error["reason"] ?? object(error["extensions"])?.["code"];
  const detail = error["detail"] ?? error["message"] ?? error["description"] ?? error["title"];
  const at = source?.["pointer"] ?? source?.["parameter"] ?? source?.["header"] ?? error["field"] ?? error["target"];
  const path = error["path"] ?? error["location"];
  const place = at ?? (Array.isArray(path) ? path.join(".") : path);
  const read: ProblemItem = { ...text("detail", detail), ...(isCode(code) && { code }), ...text("at", place) };
  return Object.keys(read).length > 0 ? read : undefined;
}

function text<Name extends string>(name: Name, value: unknown): Partial<Record<Name, string>> {
  // A record of one member, under the name that was given.
  return typeof value === "string" ? ({ [name]: value } as Record<Name, string>) : {};
}

function isCode(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

function object(value: unknown): Members | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Members) : undefined;
}

/** The objects of a list; text among them stands for an object that says it. */
function list(value: unknown): readonly Members[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: unknown): readonly Members[] => {
    if (typeof one === "string") return [{ message: one }];
    const members = object(one);
    return members === undefined ? [] : [members];
  });
}
