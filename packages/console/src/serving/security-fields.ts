/** What the page may do at most. Images are shown from bytes that the page has looked at, and from nowhere else. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types lit-html",
].join("; ");

/** Fields of every answer: nothing of it is kept, framed, sniffed, shared with another site, or told to one. */
export const securityFields: readonly string[] = [
  ...["x-content-type-options", "nosniff"],
  ...["referrer-policy", "no-referrer"],
  ...["cross-origin-opener-policy", "same-origin"],
  ...["cross-origin-embedder-policy", "require-corp"],
  ...["cross-origin-resource-policy", "same-origin"],
  ...["permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"],
  ...["x-robots-tag", "noindex"],
];

/** Fields of the page and its own files. */
export const pageFields: readonly string[] = [
  ...securityFields,
  ...["content-security-policy", contentSecurityPolicy],
  ...["cache-control", "private, no-cache"],
];

/** Fields of everything else. A browser that is led to it shows text, and runs nothing. */
export const apiFields: readonly string[] = [
  ...securityFields,
  ...["content-security-policy", "default-src 'none'; sandbox; frame-ancestors 'none'"],
  ...["cache-control", "no-store"],
];
