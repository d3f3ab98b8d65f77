import type { CoapCode } from "../message.ts";
import { coapCodes } from "../code.ts";

/**
 * The status that says what a code says; 502 for one that is no business of HTTP, or not registered.
 *
 * @param hasPayload whether something is told with it: 204 is for what has nothing.
 * @see RFC 8075 section 7, RFC 8132 section 2 (4.09, 4.22), RFC 8516 section 6 (4.29), RFC 8768 section 5 (5.08)
 */
export function httpStatusOfCoapCode(code: CoapCode, hasPayload: boolean): number {
  if (code === coapCodes.Deleted || code === coapCodes.Changed) return hasPayload ? 200 : 204;
  return statuses.get(code) ?? 502;
}

/**
 * The code that says what a status says; by its class where it has no other. A redirect, which no device understands, is
 * 5.02.
 *
 * @param method of the request: a success is one of its kind.
 * @see RFC 7252 section 10.1
 */
export function coapCodeOfHttpStatus(status: number, method: string): CoapCode {
  if (status === 304) return coapCodes.Valid;
  if (status >= 200 && status < 300) {
    if (method === "GET") return coapCodes.Content;
    if (method === "DELETE") return coapCodes.Deleted;
    return status === 201 ? coapCodes.Created : coapCodes.Changed;
  }
  const code = codes.get(status);
  if (code !== undefined) return code;
  if (status >= 400 && status < 500) return coapCodes["Bad Request"];
  return status >= 500 && status < 600 ? coapCodes["Internal Server Error"] : coapCodes["Bad Gateway"];
}

/** RFC 8075 table 2. 4.05 has no list of methods, which 405 must have; 4.01 no challenge, which 401 must have. */
const statuses: ReadonlyMap<CoapCode, number> = new Map([
  [coapCodes.Created, 201],
  [coapCodes.Valid, 304],
  [coapCodes.Content, 200],
  [coapCodes["Bad Request"], 400],
  [coapCodes.Unauthorized, 403],
  [coapCodes["Bad Option"], 400],
  [coapCodes.Forbidden, 403],
  [coapCodes["Not Found"], 404],
  [coapCodes["Method Not Allowed"], 400],
  [coapCodes["Not Acceptable"], 406],
  [coapCodes.Conflict, 409],
  [coapCodes["Precondition Failed"], 412],
  [coapCodes["Request Entity Too Large"], 413],
  [coapCodes["Unsupported Content-Format"], 415],
  [coapCodes["Unprocessable Entity"], 422],
  [coapCodes["Too Many Requests"], 429],
  [coapCodes["Internal Server Error"], 500],
  [coapCodes["Not Implemented"], 501],
  [coapCodes["Bad Gateway"], 502],
  [coapCodes["Service Unavailable"], 503],
  [coapCodes["Gateway Timeout"], 504],
  [coapCodes["Proxying Not Supported"], 502],
  [coapCodes["Hop Limit Reached"], 508],
]);
const codes: ReadonlyMap<number, CoapCode> = new Map([
  [400, coapCodes["Bad Request"]],
  [401, coapCodes.Unauthorized],
  [403, coapCodes.Forbidden],
  [404, coapCodes["Not Found"]],
  [405, coapCodes["Method Not Allowed"]],
  [406, coapCodes["Not Acceptable"]],
  [409, coapCodes.Conflict],
  [412, coapCodes["Precondition Failed"]],
  [413, coapCodes["Request Entity Too Large"]],
  [415, coapCodes["Unsupported Content-Format"]],
  [422, coapCodes["Unprocessable Entity"]],
  [429, coapCodes["Too Many Requests"]],
  [500, coapCodes["Internal Server Error"]],
  [501, coapCodes["Not Implemented"]],
  [502, coapCodes["Bad Gateway"]],
  [503, coapCodes["Service Unavailable"]],
  [504, coapCodes["Gateway Timeout"]],
  [508, coapCodes["Hop Limit Reached"]],
]);
