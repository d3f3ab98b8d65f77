import { type Language, languages } from "../messages/page-language.ts";

/** Light, dark, or what the system has. */
export const themes = ["system", "light", "dark"] as const;

/** One of them. */
export type Theme = (typeof themes)[number];

/** What the person chose for this page, kept by their browser. */
export function chosenTheme(): Theme {
  return themes.find((each) => each === localStorage.getItem("theme")) ?? "system";
}

/** Has the page look so from now on. */
export function applyTheme(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme;
  localStorage.setItem("theme", theme);
}

/** The language that the person chose; `undefined` takes the browser's. */
export function chosenLanguage(): Language | undefined {
  return languages.find((each) => each === localStorage.getItem("language"));
}

/** Keeps the language for the next time. */
export function keepLanguage(language: Language): void {
  localStorage.setItem("language", language);
}
