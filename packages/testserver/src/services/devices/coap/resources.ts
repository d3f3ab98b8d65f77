import { createHash } from "node:crypto";
import {
  type CoapOption,
  coapCodes,
  contentFormats,
  kindOfCoapCode,
  nameCoapCode,
  readOption,
  readOptions,
  writeOption,
} from "@fairlead/iot/coap/protocol";
import { type CoapAnswer, type CoapRequest, type CoapResource, textAnswer } from "./resource.ts";

const plainText = writeOption("contentFormat", contentFormats["text/plain;charset=utf-8"]);

/**
 * Makes what a CoAP server has: what clients are tested against at plugtests, under the same paths, and a few more. Who
 * writes, writes for all clients of this server; a body has 64 KiB at most, and there is one of each.
 */
export function createResources(now: () => number): readonly CoapResource[] {
  const resources: readonly CoapResource[] = [
    {
      path: "",
      title: "Says what this is",
      methods: { "0.01": () => textAnswer("2.05", "A CoAP server of the Fairlead test network.\n", [plainText]) },
    },
    {
      path: ".well-known/core",
      title: "Lists all of these (RFC 6690)",
      methods: {
        "0.01": () => ({
          code: coapCodes.Content,
          options: [writeOption("contentFormat", contentFormats["application/link-format"])],
          payload: Buffer.from(
            resources
              .filter(({ path }) => path !== ".well-known/core")
              .map(linkTo)
              .join(","),
          ),
        }),
      },
    },
    { path: "test", title: "Takes each method", methods: eachMethod() },
    { path: "separate", title: "Acknowledges first and answers later", separate: true, methods: eachMethod() },
    {
      path: "large",
      title: "Has a body of several blocks (RFC 7959)",
      methods: { "0.01": () => textAnswer("2.05", largeText, [plainText]) },
    },
    kept("large-update", "Takes and gives a body of several blocks"),
    {
      path: "large-create",
      title: "Takes a body of several blocks",
      methods: {
        "0.02": ({ payload }) => textAnswer("2.01", sha256Of(payload), locations("locationPath", "large-create", "1")),
      },
    },
    {
      path: "obs",
      title: "Can be observed, and changes each second (RFC 7641)",
      observable: true,
      methods: {
        "0.01": () => textAnswer("2.05", new Date(now()).toISOString(), [writeOption("maxAge", 2), plainText]),
      },
    },
    {
      path: "time",
      title: "Tells the network's time",
      methods: {
        "0.01": () => textAnswer("2.05", new Date(now()).toISOString(), [writeOption("maxAge", 0), plainText]),
      },
    },
    {
      path: "query",
      title: "Says the query back, a line each",
      methods: { "0.01": ({ query }) => textAnswer("2.05", query.map((each) => `${each}\n`).join(""), [plainText]) },
    },
    {
      path: "location-query",
      title: "Answers with a Location-Query",
      methods: {
        "0.02": () => ({ code: coapCodes.Created, options: locations("locationQuery", "first=1", "second=2") }),
      },
    },
    {
      path: "multi-format",
      title: "Has two content formats, by Accept",
      methods: { "0.01": multiFormat },
    },
    {
      path: "validate",
      title: "Has an ETag, and confirms it",
      methods: { "0.01": ({ message }) => validated(readOptions(message, "eTag")) },
    },
    created(),
    {
      path: "echo",
      title: "Sends back what it gets",
      methods: { "0.02": echoed, "0.03": echoed, "0.05": echoed },
    },
    {
      path: "code/*",
      title: "Answers with the code that the path names, such as code/4.04",
      methods: { "0.01": withCode, "0.02": withCode, "0.03": withCode, "0.04": withCode },
    },
  ];
  return resources;
}

function linkTo({ path, title, observable }: CoapResource): string {
  return `</${path.replace("*", "4.04")}>;title="${title}"${observable === true ? ";obs" : ""}`;
}

function eachMethod(): CoapResource["methods"] {
  const changed = (request: CoapRequest): CoapAnswer => textAnswer("2.04", describe(request), [plainText]);
  return {
    "0.01": (request) => textAnswer("2.05", describe(request), [plainText]),
    "0.02": () => ({
      code: coapCodes.Created,
      options: locations("locationPath", "location1", "location2", "location3"),
    }),
    "0.03": changed,
    "0.04": () => ({ code: coapCodes.Deleted }),
    "0.05": (request) => textAnswer("2.05", describe(request), [plainText]),
    "0.06": changed,
    "0.07": changed,
  };
}

function describe({ message: { type, code, messageId, token }, payload }: CoapRequest): string {
  const name = nameCoapCode(code) ?? code;
  return `${name} ${type}, message ID ${messageId}, token of ${token.length} bytes, payload of ${payload.length} bytes\n`;
}

function kept(path: string, title: string): CoapResource {
  let body: Uint8Array = Buffer.from(largeText);
  return {
    path,
    title,
    methods: {
      "0.01": () => ({ code: coapCodes.Content, options: [plainText], payload: body }),
      "0.03": ({ payload }) => {
        body = payload.slice();
        return { code: coapCodes.Changed };
      },
    },
  };
}

function created(): CoapResource {
  let isThere = false;
  return {
    path: "create",
    title: "Is created once with If-None-Match, until it is deleted",
    methods: {
      "0.03": ({ message }) => {
        const refused = isThere && readOption(message, "ifNoneMatch") !== undefined;
        const code = refused ? "Precondition Failed" : isThere ? "Changed" : "Created";
        isThere = true;
        return { code: coapCodes[code] };
      },
      "0.04": () => {
        isThere = false;
        return { code: coapCodes.Deleted };
      },
    },
  };
}

function multiFormat({ message }: CoapRequest): CoapAnswer {
  const accept = readOption(message, "accept") ?? contentFormats["text/plain;charset=utf-8"];
  if (accept === contentFormats["text/plain;charset=utf-8"]) return textAnswer("2.05", "plain text\n", [plainText]);
  const json = contentFormats["application/json"];
  if (accept !== json) return { code: coapCodes["Not Acceptable"] };
  return textAnswer("2.05", '{ "format": "json" }\n', [writeOption("contentFormat", json)]);
}

function validated(known: readonly Uint8Array[]): CoapAnswer {
  const eTag = Buffer.from("v1");
  const option = writeOption("eTag", eTag);
  return known.some((each) => eTag.equals(each))
    ? { code: coapCodes.Valid, options: [option] }
    : textAnswer("2.05", "version 1\n", [option, plainText]);
}

function echoed({ message, payload }: CoapRequest): CoapAnswer {
  const format = readOption(message, "contentFormat");
  const options = format === undefined ? [] : [writeOption("contentFormat", format)];
  return { code: message.code === coapCodes.FETCH ? coapCodes.Content : coapCodes.Changed, options, payload };
}

function withCode({ path }: CoapRequest): CoapAnswer {
  const [, text = ""] = path;
  if (!isCode(text)) return textAnswer("4.00", "a code is one of 2.00 to 5.31\n");
  return textAnswer(text, `${text} ${nameCoapCode(text) ?? "is not registered"}\n`);
}

function isCode(text: string): text is `${number}.${number}` {
  if (!/^[245]\.(?:[0-2]\d|3[01])$/.test(text)) return false;
  return kindOfCoapCode(text as `${number}.${number}`) !== "reserved";
}

function locations(key: "locationPath" | "locationQuery", ...parts: readonly string[]): readonly CoapOption[] {
  return parts.map((part) => writeOption(key, part));
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** 1,600 bytes: a whole block of the usual size, and one that is not. */
const largeText = Array.from({ length: 100 }, (_, index) => `line ${String(index + 1).padStart(3, "0")} of 100\n`).join(
  "",
);
