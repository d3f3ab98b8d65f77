/** What of the gallery is shown, and how: all of it stands in the page's address. */
export interface GalleryView {
  /** A widget's element name: it alone is shown, without what surrounds it in the gallery. */
  readonly section: string | undefined;
  /** One state of it alone. */
  readonly state: string | undefined;
  readonly theme: (typeof themes)[number];
  readonly lang: (typeof languages)[number];
  /** What the states may take of the page's width. */
  readonly width: (typeof widths)[number];
  /** `pinned` takes fonts that tests find on each machine, `system` those that applications have. */
  readonly fonts: "system" | "pinned";
}

export const themes = ["system", "light", "dark"] as const;
export const languages = ["en", "ar"] as const;
export const widths = ["full", "320", "400", "768", "1280"] as const;

/** Reads the query of the page's address; what it does not know is as if it were not there. */
export function readView(query: string): GalleryView {
  const asked = new URLSearchParams(query);
  const oneOf = <Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): Choice =>
    choices.find((choice) => choice === asked.get(name)) ?? choices[0];
  return {
    section: asked.get("section") ?? undefined,
    state: asked.get("state") ?? undefined,
    theme: oneOf("theme", themes),
    lang: oneOf("lang", languages),
    width: oneOf("width", widths),
    fonts: oneOf("fonts", ["system", "pinned"]),
  };
}

/** Writes a view as a query that `readView` reads, without what is so anyway. */
export function writeView(view: Partial<GalleryView>): string {
  const usual: Partial<GalleryView> = readView("");
  const told = Object.entries(view).filter(
    ([name, value]) => value !== undefined && value !== usual[name as keyof GalleryView],
  );
  // An entry that is not `undefined` is a text.
  return `?${new URLSearchParams(told as [string, string][]).toString()}`;
}
