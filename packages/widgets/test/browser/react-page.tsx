/** @jsxRuntime automatic */
/** A page made with React: what it is told stands in its list, for the test to read. */
import { defineWidgets } from "@fairlead/widgets";
import type { WidgetElements } from "@fairlead/widgets/react";
import { type ReactNode, StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";

declare module "react" {
  // oxlint-disable-next-line -- JSX elements are told to React in its namespace.
  namespace JSX {
    interface IntrinsicElements extends WidgetElements {}
  }
}

defineWidgets();

function SignInPage(): ReactNode {
  const [told, setTold] = useState("nothing");
  const [origin, setOrigin] = useState("https://bank.example");
  return (
    <main>
      <h1>React</h1>
      <button type="button" onClick={() => setOrigin("https://other.example")}>
        Another
      </button>
      <p id="told">{told}</p>
      {told === "cancelled" ? null : (
        <fairlead-sign-in
          id="asks"
          question={{ role: "origin", origin, realm: "<b>Accounts</b>", scheme: "digest", isPlain: false }}
          onfairlead-sign-in={({ credentials }) =>
            setTold(credentials.type === "password" ? credentials.username : credentials.token)
          }
          onfairlead-sign-in-cancel={() => setTold("cancelled")}
        />
      )}
    </main>
  );
}

// @ts-expect-error a question has an origin
export const incomplete: ReactNode = <fairlead-sign-in question={{ role: "origin" }} />;

// @ts-expect-error there is no such property
export const misspelt: ReactNode = <fairlead-sign-in questoin={undefined} />;

const place = document.createElement("div");
document.body.append(place);
createRoot(place).render(
  <StrictMode>
    <SignInPage />
  </StrictMode>,
);
document.documentElement.dataset["ready"] = "";
