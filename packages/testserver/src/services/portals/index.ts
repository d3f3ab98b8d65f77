import { serviceFamily, type StreamServiceEntry } from "../service-entry.ts";
import { answerBytes, answerDocument, type ApiAnswer, openPortalApi } from "./portal-api.ts";
import { answerPage, type CaptiveAnswer, loginForm } from "./portal-pages.ts";
import { openPortal } from "./portal.ts";

/** How long the slow ones wait. */
const slowMilliseconds = 500;

/** Captive portals, and the API that tells clients about theirs. All of a network let out and lock in together. */
export const portalServices = serviceFamily("portals", "play captive portals, honest and not", [
  portal("portal", "redirects captive clients to a page with a form, which lets them out for an hour", redirect),
  portal("portal-511", "answers captive clients with 511 and the page (RFC 6585)", (_request, response, loginUrl) => {
    answerPage(response, 511, `<a href="${loginUrl}">Log in</a>`);
  }),
  portal(
    "portal-200",
    "answers captive clients with 200 and the page in place of what they asked for",
    (_, response) => {
      answerPage(response, 200, loginForm);
    },
  ),
  portal("portal-refresh", "leads captive clients to the page by HTML alone", (_request, response, loginUrl) => {
    answerPage(response, 200, `<meta http-equiv="refresh" content="0; url=${loginUrl}">`);
  }),
  portal("portal-slow", "takes half a second to redirect captive clients", (request, response, loginUrl) => {
    const timer = setTimeout(() => {
      redirect(request, response, loginUrl);
    }, slowMilliseconds);
    response.once("close", () => {
      clearTimeout(timer);
    });
  }),
  portal("portal-stall", "leaves the requests of captive clients without an answer", () => undefined),
  portal("portal-reset", "resets the connections of captive clients", (request) => {
    request.socket.resetAndDestroy();
  }),
  portal(
    "portal-no-content",
    "answers captive clients with 204, which is what probes take for being online",
    (_, response) => {
      response.writeHead(204, { "cache-control": "no-store" });
      response.end();
    },
  ),
  api(
    "portal-api",
    "tells at /api whether clients are captive, and for how long they are not (RFC 8908)",
    answerDocument,
  ),
  api("portal-api-lies", "tells clients that they are not captive, whatever is true", (response, document) => {
    answerDocument(response, { ...document, captive: false });
  }),
  api("portal-api-broken", "answers with half of a JSON document", (response) => {
    answerBytes(response, '{"captive": true, "user-portal-u');
  }),
  api("portal-api-html", "answers with a page where the document of the portal's API belongs", (response) => {
    answerBytes(response, "<!doctype html><p>Welcome", "text/html");
  }),
  api("portal-api-no-page", "tells clients that they are captive, and not where to go", (response) => {
    answerDocument(response, { captive: true });
  }),
  api("portal-api-wrong-types", "answers with strings for truth and time, and a number for the page", (response) => {
    answerDocument(response, { captive: "yes", "user-portal-url": 42, "seconds-remaining": "soon" });
  }),
  api("portal-api-scheme", "leads clients to a page whose URL is a script", (response) => {
    answerDocument(response, { captive: true, "user-portal-url": "javascript:alert(1)" });
  }),
  api("portal-api-slow", "takes half a second to tell whether clients are captive", (response, document) => {
    const timer = setTimeout(() => {
      answerDocument(response, document);
    }, slowMilliseconds);
    response.once("close", () => {
      clearTimeout(timer);
    });
  }),
]);

function redirect(...[, response, loginUrl]: Parameters<CaptiveAnswer>): void {
  answerPage(response, 302, `<a href="${loginUrl}">Log in</a>`, ["location", loginUrl]);
}

function portal<const Name extends string>(name: Name, does: string, answer: CaptiveAnswer): StreamServiceEntry<Name> {
  return {
    ...{ name, does, scheme: "http" },
    example: "curl -i {origin}/generate_204",
    open: (network, self) => openPortal(network, self, answer),
  };
}

function api<const Name extends string>(name: Name, does: string, answer: ApiAnswer): StreamServiceEntry<Name> {
  return {
    ...{ name, does, scheme: "https" },
    example: "curl --cacert {ca} {origin}/api",
    followsClock: true,
    open: (network, self) => openPortalApi(network, self, answer),
  };
}
