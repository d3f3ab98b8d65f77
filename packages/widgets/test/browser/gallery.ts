import { openBrowser, type TestedPage, type TestedPageOptions } from "@fairlead/conformance/browser";
import { serveGallery } from "../../gallery/serve-gallery.ts";
import { writeView } from "../../gallery/view.ts";

/** How a state is looked at. */
export interface GalleryView extends TestedPageOptions {
  readonly section: string;
  readonly state?: string;
  readonly theme?: "light" | "dark";
  readonly lang?: "en" | "ar";
}

/** The gallery in a browser. */
export interface OpenGallery extends AsyncDisposable {
  readonly url: string;
  /** Opens a page that shows a widget in one state, or in all, when it is drawn and prepared. */
  show(view: GalleryView): Promise<TestedPage>;
}

/** Serves the gallery and starts a browser for it. */
export async function openGallery(): Promise<OpenGallery> {
  await using opened = new AsyncDisposableStack();
  const server = opened.use(await serveGallery());
  const browser = opened.use(await openBrowser());
  const { url } = server;
  const kept = opened.move();
  return {
    url,
    async show({ section, state, theme = "light", lang = "en", ...options }) {
      const tested = await browser.openPage({ viewport: { width: 1280, height: 800 }, ...options });
      const query = writeView({ section, state, theme, lang, fonts: "pinned" });
      await tested.page.goto(url + query);
      await tested.page.waitForSelector("html[data-ready]", { state: "attached" });
      return tested;
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
