import type { IdentityQuestion, OfferedIdentity } from "@fairlead/widgets";
import { html } from "lit";
import type { GallerySection, GalleryState } from "./section.ts";

const now = Date.UTC(2026, 10, 22, 12);

const jana: OfferedIdentity = {
  fingerprint: "5a1f0c9be27d4483a6f1c2b8907de3451f6a9c3077b2d4e8f0a1b2c3d4e5f607",
  subject: "C=NL, O=Harbour, CN=Jana de Vries",
  issuer: "C=NL, O=Harbour Trust, CN=Harbour People CA",
  notBefore: "2025-06-01T00:00:00.000Z",
  notAfter: "2027-06-01T00:00:00.000Z",
};

const old: OfferedIdentity = {
  ...jana,
  fingerprint: "c07d11e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f7a8b9c0",
  notBefore: "2023-06-01T00:00:00.000Z",
  notAfter: "2025-06-01T00:00:00.000Z",
};

const robot: OfferedIdentity = {
  fingerprint: "9e8d7c6b5a493827160514f3e2d1c0bfae9d8c7b6a5948372615f4e3d2c1b0a9",
  subject: "O=Harbour, CN=crane-17.robots.harbour.test",
  issuer: "C=NL, O=Harbour Trust, CN=Harbour Machines CA",
  notAfter: "2026-12-24T00:00:00.000Z",
};

const question: IdentityQuestion = {
  origin: "https://staff.harbour.test:8443",
  role: "server",
  authorities: ["C=NL, O=Harbour Trust, CN=Harbour People CA", "C=NL, O=Harbour Trust, CN=Harbour Machines CA"],
  identities: [old, jana, robot],
  canRemember: true,
};

/** The question for a client certificate. */
export const certificatePicker: GallerySection = {
  tag: "fairlead-certificate-picker",
  states: [
    state("several", "Three certificates, of which one has expired.", question),
    state("only", "A proxy asks, and there is one certificate.", {
      ...question,
      origin: "https://proxy.harbour.test:3128",
      role: "proxy",
      identities: [jana],
      canRemember: false,
    }),
    state("none", "No certificate that the server would take.", { ...question, identities: [] }),
    state("many", "Two hundred certificates, and a server that takes any.", {
      ...question,
      authorities: [],
      identities: Array.from({ length: 200 }, (_, index) => ({
        ...robot,
        fingerprint: robot.fingerprint.slice(0, 61) + String(index).padStart(3, "0"),
        subject: `O=Harbour, CN=crane-${String(index + 1)}.robots.harbour.test`,
      })),
    }),
    state("hostile", "Names that try to be more than text.", {
      ...question,
      origin: "https://xn--hrbour-bua.test",
      authorities: ["<img src=x onerror=alert(1)>", "CN=\u202eAC tsurT"],
      identities: [
        { ...jana, subject: `CN=${"x".repeat(65_536)}`, issuer: "<script>alert(1)</script>", notAfter: "never" },
        { ...robot, subject: "", issuer: "\0" },
      ],
    }),
  ],
};

function state(name: string, shows: string, asked: IdentityQuestion): GalleryState {
  return {
    name,
    shows,
    render: () => html`<fairlead-certificate-picker .question=${asked} .now=${now}></fairlead-certificate-picker>`,
  };
}
