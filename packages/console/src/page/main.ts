import { defineElements, defineWidgets } from "@fairlead/widgets";
import { ConsoleClient } from "./client/console-client.ts";
import { listenToEvents } from "./client/listen-to-events.ts";
import { speakLanguage } from "./messages/page-language.ts";
import { ConsoleShell } from "./shell/console-shell.ts";
import { ConsoleStore } from "./state/console-store.ts";
import { applyTheme, chosenLanguage, chosenTheme } from "./settings/page-preferences.ts";

defineWidgets();
defineElements([ConsoleShell]);

applyTheme(chosenTheme());
speakLanguage(chosenLanguage() ?? navigator.language);

const api = new URL("api/", document.baseURI);
const store = new ConsoleStore();
const shell = document.createElement("console-shell");
shell.client = new ConsoleClient(api);
shell.store = store;
// In the place of the first view, which says that something is to come.
document.body.replaceChildren(shell);
listenToEvents(new URL("events", api), (happening) => store.take(happening));
