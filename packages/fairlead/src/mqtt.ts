/** MQTT 3.1.1 and 5 over the network of an application, by the library `mqtt`, which it installs by itself. */
export * from "@fairlead/iot/mqtt";
