/** A real browser, for tests of pages. */
export { openBrowser, type OpenBrowser, type TestedPage, type TestedPageOptions } from "./open-browser.ts";
export { skipWithoutBrowser } from "./skip-without-browser.ts";
