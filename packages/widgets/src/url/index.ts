/** How a URL is shown so that nobody is deceived: rules alone, for a page, a terminal or a log. */
export { SHOWN_TEXT_LIMIT, shownText } from "../text/shown-text.ts";
