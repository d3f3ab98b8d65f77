/** CAN and ISO-TP; the driver of the bus is Linux's. */
export * from "@fairlead/can";
