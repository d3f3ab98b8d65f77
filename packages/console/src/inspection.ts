/** Offers a program's manager to a console, by a Unix socket; without the console's page. */
export { offerInspection, type OfferedInspection, type OfferInspectionOptions } from "./attach/offer-inspection.ts";
