/** Problem details for HTTP APIs. RFC 9457. */
export { PROBLEM_JSON, readProblemDetails, type ProblemDetails } from "./problem-details.ts";
