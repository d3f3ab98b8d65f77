import { english } from "./en.ts";
import type { Messages } from "./messages.ts";

/** The languages that there are words for, each with how to come by them. */
const catalogues: Readonly<Record<string, () => Promise<Messages>>> = {
  ar: async () => (await import("./ar.ts")).arabic,
  en: async () => english,
};

/** The languages that widgets speak, as BCP 47 language tags. */
export const languages: readonly string[] = Object.keys(catalogues);

/**
 * Fetches the words of the first language that widgets speak; English where they speak none of them. A regional tag, such
 * as `ar-EG`, takes the words of its language, and keeps its own way with numbers and dates.
 *
 * @example
 * pageMessages.use(await loadMessages(navigator.languages));
 */
export async function loadMessages(wanted: readonly string[]): Promise<Messages> {
  for (const tag of wanted) {
    const [language = ""] = tag.toLowerCase().split("-");
    const load = Object.hasOwn(catalogues, language) ? catalogues[language] : undefined;
    if (load === undefined) continue;
    return { ...(await load()), locale: canonicalTag(tag) ?? language };
  }
  return english;
}

/** `undefined` for what is no language tag at all: what a host hands on may come from a server's header. */
function canonicalTag(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}
