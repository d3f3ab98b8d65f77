import { authorityServices } from "../revocation/index.ts";
import { crlCheckedServices, issuerServices, ocspCheckedServices } from "../revocation/checked.ts";
import { staplingServices } from "../revocation/stapled.ts";
import { chainServices } from "./chains.ts";
import { encodingServices } from "./encodings.ts";
import { extensionServices } from "./extensions.ts";
import { keyServices } from "./keys.ts";
import { nameServices } from "./names.ts";
import { usageServices } from "./usages.ts";
import { validityServices } from "./validity.ts";

/** Services that show a certificate each, most of them one with a particular fault and no other. */
export const certificateFamilies = [
  validityServices,
  chainServices,
  nameServices,
  keyServices,
  usageServices,
  encodingServices,
  extensionServices,
  issuerServices,
  staplingServices,
  ocspCheckedServices,
  crlCheckedServices,
  authorityServices,
] as const;
