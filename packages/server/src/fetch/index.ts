/** Handlers in the shape of the Fetch Standard: the request that they are given, the response that they give. */
export { answerByFetch, type AnswerOptions } from "./answer.ts";
export { LeanRequest } from "./lean-request.ts";
export {
  LeanResponse,
  type LeanContent,
  type LeanResponseClass,
  type LeanResponseInit,
  type OnUpgrade,
  type ResponseParts,
  type Trailers,
  upgradeResponse,
} from "./lean-response.ts";
export { requestField } from "./request-field.ts";
export { exchangeOf, requestContent } from "./request-exchange.ts";
export { responseParts } from "./response-parts.ts";
