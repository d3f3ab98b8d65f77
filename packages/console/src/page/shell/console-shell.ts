import {
  FairleadAddressBar,
  type FairleadForgetVisitEvent,
  type FairleadNavigateEvent,
  shownText,
  type WidgetClass,
} from "@fairlead/widgets";
import { html, nothing, type TemplateResult } from "lit";
import type { FetchOrder, ListedTransaction } from "../../protocol/index.ts";
import type { ConsoleClient } from "../client/console-client.ts";
import { ConsoleElement } from "../console-element.ts";
import { warningIcon } from "../icons.ts";
import { formatRoute, parseRoute, type Route } from "../routing/route.ts";
import type { ConsoleState } from "../state/console-state.ts";
import type { ConsoleStore } from "../state/console-store.ts";
import type { ConsoleContext } from "../views/console-context.ts";
import type { ConsoleView } from "../views/console-view.ts";
import { views } from "../views/views.ts";
import { type ConsoleDismissEvent, ConsoleNotices } from "./console-notices.ts";
import { ConsoleQuestions } from "../questions/console-questions.ts";
import { addNotice, type Notice } from "./notice.ts";
import { addressFacts, ownTransactions, type Visited, visitsOf } from "./rules/address-facts.ts";
import { fetchOfShown } from "./rules/fetch-of-shown.ts";
import { shellStyles } from "./shell-styles.ts";

/**
 * The page around its views: address bar, navigation, the state of the connection, notices: `<console-shell>`. It is given
 * a client and a store once, before it is put into the page.
 */
export class ConsoleShell extends ConsoleElement {
  static override readonly tag = "console-shell";

  static override readonly uses: readonly WidgetClass[] = [
    FairleadAddressBar,
    ConsoleNotices,
    ConsoleQuestions,
    ...views.map(({ element }) => element),
  ];

  static override properties = {
    ...ConsoleElement.properties,
    client: { attribute: false },
    store: { attribute: false },
    route: { state: true },
    notices: { state: true },
  };

  static override styles = shellStyles;

  declare client: ConsoleClient;
  declare store: ConsoleStore;
  declare protected route: Route;
  declare protected notices: readonly Notice[];

  #context: ConsoleContext | undefined;
  #own: readonly ListedTransaction[] = [];
  #visits: readonly Visited[] = [];
  readonly #forgotten = new Set<string>();
  #endListening: (() => void) | undefined;

  constructor() {
    super();
    this.route = parseRoute(location.hash);
    this.notices = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#context = {
      client: this.client,
      go: (route, { isStep = false } = {}) => {
        if (isStep) location.replace(formatRoute(route));
        else this.#go(route);
      },
      open: async (url) => this.#open(url),
      tell: (error) => {
        this.notices = addNotice(this.notices, error);
      },
    };
    this.#endListening = this.store.listen(() => this.requestUpdate());
    window.addEventListener("hashchange", this.#readRoute);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#endListening?.();
    window.removeEventListener("hashchange", this.#readRoute);
  }

  protected override render(): TemplateResult {
    const { state } = this.store;
    const texts = this.texts.shell;
    const offered = views.filter((view) => view.isOffered(state));
    const view = offered.find(({ name }) => name === this.route.view) ?? offered[0];
    return html`<header>
        <button class="skip primary" @click=${this.#skip}>${texts.skip}</button>
        <span class="brand">Fairlead</span>
        ${this.#addressBar(state)}
        <fairlead-connectivity class="connectivity" state=${state.connectivity}></fairlead-connectivity>
      </header>
      <div class="banners">${this.#connection(state)} ${this.#faults(state)}</div>
      <nav aria-label=${texts.navigation}>
        <ul>
          ${offered.map((each) => this.#entry(each, each === view, state))}
        </ul>
        ${this.#program(state)}
      </nav>
      <main tabindex="-1" aria-label=${view?.title(this.texts) ?? nothing}>
        <h1 class="visually-hidden">${view?.title(this.texts)}</h1>
        ${this.#context === undefined || view === undefined ? nothing : view.render(this.#context, state, this.route)}
      </main>
      <console-questions
        .client=${this.client}
        .questions=${state.questions}
        .context=${this.#context}
      ></console-questions>
      <console-notices .notices=${this.notices} @console-dismiss=${this.#dismiss}></console-notices>`;
  }

  #addressBar({ transactions }: ConsoleState): TemplateResult {
    const own = ownTransactions(transactions);
    const { url, pending, opened, security } = addressFacts(own);
    // A new array would tell the bar of a change: most of what happens in a list is none for it.
    if (own.length !== this.#own.length || own.some((each, index) => each !== this.#own[index])) {
      this.#own = own;
      this.#visits = visitsOf(own, this.#forgotten);
    }
    return html`<fairlead-address-bar
      reloadable
      .url=${url}
      .loading=${pending !== undefined}
      .security=${security}
      .history=${this.#visits}
      @fairlead-navigate=${(event: FairleadNavigateEvent) => this.#open(event.url)}
      @fairlead-reload=${() => (opened === undefined ? undefined : this.#fetch({ repeat: opened.id }))}
      @fairlead-stop=${() => (pending === undefined ? undefined : this.#giveUp(pending.id))}
      @fairlead-forget-visit=${this.#forgetVisit}
      @fairlead-show-certificate=${() => {
        if (opened !== undefined) this.#go({ view: "requests", path: [String(opened.id), "security"] });
      }}
    ></fairlead-address-bar>`;
  }

  #entry(view: ConsoleView, isCurrent: boolean, state: ConsoleState): TemplateResult {
    const count = view.count(state);
    const shown = new Intl.NumberFormat(this.words.locale).format(count);
    return html`<li>
      <a href=${formatRoute({ view: view.name, path: [] })} aria-current=${isCurrent ? "page" : nothing}>
        ${view.icon}
        <span class="title">${view.title(this.texts)}</span>
        ${
          count === 0
            ? nothing
            : html`<span class="count" aria-hidden="true">${shown}</span
                ><span class="visually-hidden">${this.texts.shell.underWay(shown)}</span>`
        }
      </a>
    </li>`;
  }

  #program({ hello }: ConsoleState): TemplateResult | typeof nothing {
    if (hello === undefined) return nothing;
    const { name, processId } = hello.program;
    return html`<p class="program quiet">
      <bdi dir="ltr">${shownText(name, 64)}</bdi> <span>${this.texts.shell.process(String(processId))}</span>
    </p>`;
  }

  #connection({ connection, hello }: ConsoleState): TemplateResult {
    const texts = this.texts.shell;
    const said = {
      connecting: "",
      live: hello?.isAttached === true ? texts.attached(shownText(hello.program.name, 64)) : "",
      lost: texts.lost,
    }[connection];
    return html`<div class="banner" role="status" data-state=${connection} ?hidden=${said === ""}>${said}</div>`;
  }

  #faults({ faults }: ConsoleState): TemplateResult {
    const texts = this.texts.shell;
    return html`<div class="banner faults" role="status" ?hidden=${faults === 0}>
      ${
        faults === 0
          ? nothing
          : html`${warningIcon}<span>${texts.faultsOn(faults)}</span>
              <a href=${formatRoute({ view: "test-network", path: [] })}>${texts.showFaults}</a>`
      }
    </div>`;
  }

  #go(route: Route): void {
    location.hash = formatRoute(route);
  }

  async #giveUp(id: number): Promise<void> {
    try {
      await this.client.giveUp(id);
    } catch (error) {
      this.notices = addNotice(this.notices, error);
    }
  }

  async #open(url: string): Promise<void> {
    const order = fetchOfShown(url, ownTransactions(this.store.state.transactions));
    if (order === undefined) this.notices = addNotice(this.notices, new Error(this.texts.shell.incomplete));
    else await this.#fetch(order);
  }

  async #fetch(order: FetchOrder): Promise<void> {
    try {
      const id = await this.client.fetch(order);
      this.#go({ view: "requests", path: [String(id)] });
    } catch (error) {
      this.notices = addNotice(this.notices, error);
    }
  }

  readonly #readRoute = (): void => {
    this.route = parseRoute(location.hash);
  };

  readonly #forgetVisit = ({ url }: FairleadForgetVisitEvent): void => {
    this.#forgotten.add(url);
    this.#visits = visitsOf(this.#own, this.#forgotten);
    this.requestUpdate();
  };

  readonly #skip = (): void => {
    this.renderRoot.querySelector<HTMLElement>("main")?.focus();
  };

  readonly #dismiss = ({ notice }: ConsoleDismissEvent): void => {
    this.notices = this.notices.filter((each) => each !== notice);
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "console-shell": ConsoleShell;
  }
}
