import { displayUrl, knownSites, phishingCues, type UrlData } from "@fairlead/widgets/url";
import { loadUrlData } from "@fairlead/widgets/url-data";
import { ArgumentsError } from "../arguments.ts";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { printableJson } from "../terminal/printable.ts";
import { paintFor } from "../terminal/style.ts";
import { widthOf } from "../terminal/width.ts";
import { formatExplanation } from "./explanation-page.ts";

/** What `fairlead url explain` is asked. */
export interface ExplainPlan {
  readonly text: string;
  /** Hosts or URLs of sites that the user visits. */
  readonly visited: readonly string[];
  readonly hasPasswordField: boolean;
  readonly json: boolean;
}

/**
 * Carries out `fairlead url explain`: prints what the display rules return.
 *
 * @returns the exit code.
 * @throws ArgumentsError for a text that is no absolute URL.
 */
export async function explainUrl(plan: ExplainPlan, { stdout }: Surroundings): Promise<number> {
  const data = await loadUrlData();
  const visited = knownSites(
    plan.visited.map((site) => visitedDomain(site, data)),
    data.confusables,
  );
  const knowledge = { ...data, visited };
  const display = displayUrl(plan.text, knowledge);
  if (display.type === "text")
    throw new ArgumentsError("this is no URL: it needs a scheme, as in https://example.com/");
  const cues = phishingCues(display, { ...knowledge, hasPasswordField: plan.hasPasswordField });
  const page = plan.json
    ? printableJson({ shown: display.parts.map(({ text }) => text).join(""), ...display, cues })
    : formatExplanation(display, cues, { paint: paintFor(stdout), width: widthOf(stdout) }).join("\n");
  stdout.write(`${page}\n`);
  return exitCodes.ok.code;
}

function visitedDomain(site: string, { publicSuffixes }: UrlData): string {
  const host = URL.parse(site.includes("://") ? site : `https://${site}`)?.hostname;
  if (host === undefined || host === "")
    throw new ArgumentsError(`--visited takes a site, not ${JSON.stringify(site)}`);
  return host.slice(publicSuffixes.registrableDomainStart(host) ?? 0);
}
