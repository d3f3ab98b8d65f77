/** Firmware updates: manifests of SUIT that are verified, and images that are fetched by CoAP, across restarts. */
export * from "@fairlead/iot/firmware";
