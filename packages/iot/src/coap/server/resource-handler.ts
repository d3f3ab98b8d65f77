import { UsageError } from "@fairlead/core";
import type { CoapAnswer, CoapContext, CoapHandler, CoapRequest, CoapResponse } from "../exchange.ts";
import { mappedIterable } from "../mapped-iterable.ts";
import {
  type CoapCode,
  coapCodes,
  coapOptions,
  filterLinks,
  findBadOption,
  formatLinkFormat,
  readOption,
  readOptions,
} from "../protocol/index.ts";
import { coapAnswer, coapRefusal } from "./coap-answer.ts";
import type { CoapResource } from "./resource.ts";

/**
 * Answers by resources, and lists those that a query asks for at `/.well-known/core` unless one is there. It refuses options that are critical and
 * not understood, what is not there, methods, formats and conditions, as RFC 7252 section 5 says; confirms a version that
 * the client has (2.03); and says nothing to a group that is of no use to it (section 8.2).
 *
 * @throws UsageError OPTION_INVALID where two resources have one path.
 */
export function resourceHandler(resources: readonly CoapResource[]): CoapHandler {
  const tree = treeOf(resources);
  if (findResource(tree, wellKnownCore)?.path.length !== wellKnownCore.length) {
    addTo(tree, coreOf(resources));
  }
  return async (request, context) => {
    const answer = await answerBy(tree, request, context);
    // RFC 7252 section 8.2: no errors, and nothing that is of no use.
    return context.isMulticast && answer !== undefined && !answer.code.startsWith("2.") ? undefined : answer;
  };
}

interface Node {
  readonly below: Map<string, Node>;
  here: CoapResource | undefined;
  anythingBelow: CoapResource | undefined;
}

function treeOf(resources: readonly CoapResource[]): Node {
  const tree = emptyNode();
  for (const one of resources) addTo(tree, one);
  return tree;
}

function emptyNode(): Node {
  return { below: new Map(), here: undefined, anythingBelow: undefined };
}

function addTo(tree: Node, one: CoapResource): void {
  let node = tree;
  for (const segment of one.path) {
    const next = node.below.get(segment) ?? emptyNode();
    node.below.set(segment, next);
    node = next;
  }
  if ((one.takesBelow ? node.anythingBelow : node.here) !== undefined) {
    throw new UsageError("OPTION_INVALID", {
      detail: `two resources at /${one.path.join("/")}${one.takesBelow ? "/*" : ""}`,
      remedy: "give each a path of its own",
    });
  }
  if (one.takesBelow) node.anythingBelow = one;
  else node.here = one;
}

/** The resource of a path, or else the nearest above that has what is below it. */
function findResource(tree: Node, path: readonly string[]): CoapResource | undefined {
  let node: Node | undefined = tree;
  let above = tree.anythingBelow;
  for (const segment of path) {
    node = node.below.get(segment);
    if (node === undefined) return above;
    above = node.anythingBelow ?? above;
  }
  return node.here ?? above;
}

async function answerBy(tree: Node, request: CoapRequest, context: CoapContext): Promise<CoapAnswer | undefined> {
  const { code } = request;
  const asksProxy = request.options.some(({ number }) => proxying.has(number));
  // RFC 7252 section 5.10.2: by whoever is no proxy.
  if (asksProxy) return coapRefusal("Proxying Not Supported");
  const one = findResource(tree, readOptions(request, "uriPath"));
  const bad = findBadOption(request, one?.eTag === undefined ? understood : understoodWithConditions);
  if (bad !== undefined) {
    // RFC 7252 section 5.4.1.
    return context.delivery === "confirmable" ? coapRefusal("Bad Option", `option ${bad.number}`) : undefined;
  }
  if (one === undefined) return coapRefusal("Not Found");
  const handler = one.methods.get(code);
  if (handler === undefined) return coapRefusal("Method Not Allowed");
  const accept = readOption(request, "accept");
  if (accept !== undefined && one.gives?.includes(accept) === false) return coapRefusal("Not Acceptable");
  const format = readOption(request, "contentFormat");
  if (format !== undefined && one.takes?.includes(format) === false) return coapRefusal("Unsupported Content-Format");
  if (!(await meetsConditions(one, request))) return coapRefusal("Precondition Failed");
  const answer = await handler(request, context);
  return answer && confirming(request, answer);
}

/** RFC 7252 section 5.10.8. */
async function meetsConditions({ eTag }: CoapResource, request: CoapRequest): Promise<boolean> {
  const wanted = readOptions(request, "ifMatch");
  const unlessThere = readOption(request, "ifNoneMatch") !== undefined;
  if (eTag === undefined || (wanted.length === 0 && !unlessThere)) return true;
  const current = await eTag();
  if (current === undefined) return wanted.length === 0;
  // An empty If-Match asks no more than that there is one.
  return !unlessThere && wanted.some((each) => each.length === 0 || equal(each, current));
}

/** A version that the client has is confirmed, not sent: RFC 7252 section 5.9.1.3; so is a notification. */
function confirming(request: CoapRequest, answer: CoapAnswer): CoapAnswer {
  const known = request.code === coapCodes.GET || request.code === coapCodes.FETCH ? readOptions(request, "eTag") : [];
  if (known.length === 0) return answer;
  const confirm = <Response extends CoapResponse>(response: Response): Response => {
    const eTag = response.code === coapCodes.Content ? readOption(response, "eTag") : undefined;
    if (eTag === undefined || !known.some((each) => equal(each, eTag))) return response;
    const kept = response.options.filter(
      ({ number }) => number === coapOptions.eTag.number || number === coapOptions.maxAge.number,
    );
    return { ...response, code: coapCodes.Valid, options: kept, payload: empty, body: undefined };
  };
  const { updates } = answer;
  return { ...confirm(answer), updates: updates && mappedIterable(updates, confirm) };
}

/** RFC 6690 section 4. */
function coreOf(resources: readonly CoapResource[]): CoapResource {
  const links = resources.flatMap(({ link }) => link ?? []);
  const answer: CoapHandler = (request, { isMulticast }) => {
    const found = filterLinks(links, readOptions(request, "uriQuery"));
    if (isMulticast && found.length === 0) return undefined;
    return coapAnswer("Content", formatLinkFormat(found), { contentFormat: "application/link-format" });
  };
  return {
    path: wellKnownCore,
    takesBelow: false,
    methods: new Map<CoapCode, CoapHandler>([[coapCodes.GET, answer]]),
    gives: [linkFormat],
    takes: undefined,
    eTag: undefined,
    link: undefined,
  };
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

const wellKnownCore = [".well-known", "core"];
const linkFormat = 40;
const empty = new Uint8Array(0);
const proxying: ReadonlySet<number> = new Set([coapOptions.proxyUri.number, coapOptions.proxyScheme.number]);
/** Blocks are no business of a resource: a layer below has dealt with them, or the server has none. */
const understood: ReadonlySet<number> = new Set(
  (["uriHost", "uriPort", "uriPath", "uriQuery", "accept"] as const).map((key) => coapOptions[key].number),
);
const understoodWithConditions: ReadonlySet<number> = new Set([
  ...understood,
  coapOptions.ifMatch.number,
  coapOptions.ifNoneMatch.number,
]);
