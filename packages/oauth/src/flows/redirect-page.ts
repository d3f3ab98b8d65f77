/** What the browser is told when it has brought an answer. */
export type RedirectOutcome = "signed-in" | "refused" | "failed" | "unknown" | "over" | "not-here" | "method";

interface Page {
  readonly status: number;
  readonly title: string;
  readonly text: string;
}

const pages: Readonly<Record<RedirectOutcome, Page>> = {
  "signed-in": { status: 200, title: "Signed in", text: "You can close this window and go back to the application." },
  refused: {
    status: 403,
    title: "Not signed in",
    text: "The sign-in was refused or given up. The application tells more.",
  },
  failed: { status: 502, title: "Not signed in", text: "The sign-in failed. The application tells more." },
  unknown: {
    status: 400,
    title: "Not signed in",
    text: "This answer belongs to no sign-in that the application waits for.",
  },
  over: { status: 410, title: "Nothing to do", text: "This sign-in is over. You can close this window." },
  "not-here": { status: 404, title: "Nothing here", text: "There is nothing here." },
  method: { status: 405, title: "Nothing here", text: "There is nothing here." },
};

/**
 * The page that says so: constant text, in which nothing of a request is, and which the browser neither runs, keeps, frames
 * nor tells anybody of.
 */
export function redirectPage(outcome: RedirectOutcome): Response {
  const { status, title, text } = pages[outcome];
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<h1>${title}</h1>
<p>${text}</p>
</html>
`;
  return new Response(html, {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      "cache-control": "no-store",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      ...(outcome === "method" ? { allow: "GET" } : {}),
    },
  });
}
