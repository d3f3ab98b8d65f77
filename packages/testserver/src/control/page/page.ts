import { createHash } from "node:crypto";
import { BODY } from "./body.ts";
import { SCRIPT } from "./script/index.ts";
import { STYLE } from "./style.ts";

/** A page, and the policy without which it is as safe as its own code alone. */
export interface ControlPage {
  readonly html: string;
  /** The value of `Content-Security-Policy`. */
  readonly contentSecurityPolicy: string;
}

/**
 * Makes the page on which people look at the network and change it. It is the same for every network, and asks for all
 * that it shows; it needs nothing from elsewhere.
 *
 * Nothing of what clients send becomes HTML, which the policy makes sure of: it lets run this page's own script only, by
 * its digest, and no string become markup.
 */
export function controlPage(): ControlPage {
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Fairlead test network</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>${BODY}<script>${SCRIPT}</script>
</body>
</html>
`;
  const contentSecurityPolicy = [
    "default-src 'none'",
    `script-src '${digest(SCRIPT)}'`,
    `style-src '${digest(STYLE)}'`,
    "img-src data:",
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
