import { createHash } from "node:crypto";
import { SCRIPT } from "./script.ts";
import { STYLE } from "./style.ts";

/** A page, and what it is to be sent with. */
export interface TryPage {
  readonly html: string;
  /** The value of `Content-Security-Policy`: without it, the page is as safe as its own code alone. */
  readonly contentSecurityPolicy: string;
}

/**
 * Makes the page on which people try a service: its operations, a form for each, and what the service answers. It is one
 * file that needs nothing from anywhere but the document and the service, both of its own origin.
 *
 * Nothing of the document and nothing of an answer becomes HTML, which the policy makes sure of: it lets run this page's
 * own script only, by its digest.
 *
 * @param documentUrl where the OpenAPI document is, relative to the page.
 * @param title what the page is called until the document was read.
 */
export function tryPage(documentUrl: string, title: string): TryPage {
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="openapi" content="${escapeHtml(documentUrl)}">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main><h1>${escapeHtml(title)}</h1><noscript><p>This page needs JavaScript.</p></noscript></main>
<script>${SCRIPT}</script>
</body>
</html>
`;
  const contentSecurityPolicy = [
    "default-src 'none'",
    `script-src '${digest(SCRIPT)}'`,
    `style-src '${digest(STYLE)}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
  return { html, contentSecurityPolicy };
}

function digest(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? "");
}
