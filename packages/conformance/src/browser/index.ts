/** A real browser, for tests of pages. */
export { type AxeOptions, axeViolations } from "./axe-violations.ts";
export { eventually } from "./eventually.ts";
export { compareImages, type ImageComparison } from "./compare-images.ts";
export { matchScreenshot, type ScreenshotOptions } from "./match-screenshot.ts";
export { openBrowser, type OpenBrowser, type TestedPage, type TestedPageOptions } from "./open-browser.ts";
export { skipWithoutBrowser } from "./skip-without-browser.ts";
