import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { browserPath } from "./skip-without-browser.ts";

/** What Chromium calls a request whose page aborted it, or went away meanwhile. */
const givenUp = "net::ERR_ABORTED";

/** How a page sees the world. */
export type TestedPageOptions = BrowserContextOptions;

/** A page in a profile of its own, and all that went wrong in it. */
export interface TestedPage extends AsyncDisposable {
  readonly page: Page;
  /**
   * Errors of scripts, what is written to the console as error or warning, what the page's policy refused, requests that
   * failed: nothing of it in a page that is well. A request that the page itself gave up is none.
   */
  readonly problems: readonly string[];
}

/** A browser without a window. */
export interface OpenBrowser extends AsyncDisposable {
  readonly browser: Browser;
  openPage(options?: TestedPageOptions): Promise<TestedPage>;
}

/**
 * Starts Chromium.
 *
 * @throws Error where there is none, with what to install.
 */
export async function openBrowser(args: readonly string[] = []): Promise<OpenBrowser> {
  const executablePath = browserPath();
  if (executablePath === undefined) throw new Error("there is no Chromium: apt-get install chromium");
  const browser = await chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--no-proxy-server",
      "--font-render-hinting=none",
      ...args,
    ],
  });
  return {
    browser,
    openPage: async (options) => {
      const context = await browser.newContext({ reducedMotion: "reduce", ...options });
      const page = await context.newPage();
      const problems: string[] = [];
      page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning")
          problems.push(`${message.type()}: ${message.text()}`);
      });
      page.on("requestfailed", (request) => {
        const reason = request.failure()?.errorText ?? "";
        if (reason !== givenUp) problems.push(`failed: ${request.url()} ${reason}`);
      });
      return { page, problems, [Symbol.asyncDispose]: () => context.close() };
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}
