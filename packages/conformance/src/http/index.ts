/** What servers of HTTP make of what clients send. */
export { HTTP1_CASES, HTTP1_CASE_LIMITS, type Http1Case, type SeenRequest } from "./http1-cases.ts";
export { http1ServerConformance, type Http1ServerUnderTest } from "./http1-conformance.ts";
export { readAnswers, type ReadAnswer } from "./read-answers.ts";
