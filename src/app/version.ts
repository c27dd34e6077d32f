declare const CALLFORM_VERSION: string | undefined;

/** Put in by the build; running from source there is none. */
export const VERSION = typeof CALLFORM_VERSION === "string" ? CALLFORM_VERSION : "0.0.0-source";
