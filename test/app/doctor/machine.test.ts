import * as fc from "fast-check";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { checkDigestKey } from "../../../src/app/doctor/machine/digest-key.ts";
import { findFlaw, mend } from "../../../src/app/doctor/machine/flaws.ts";
import { checkEnvironment, checkNode, OLDEST_NODE } from "../../../src/app/doctor/machine/node.ts";
import { tell } from "../../support/doctor/answers.ts";

describe("the version of Node", () => {
  it("that is asked for is the one of the package", () => {
    const file = path.join(import.meta.dirname, "../../../package.json");
    const { engines } = JSON.parse(readFileSync(file, "utf8"));
    expect(engines.node).toBe(`>=${OLDEST_NODE.join(".")}`);
  });

  it.each([
    ["20.19.0", "ok"],
    ["20.20.2", "ok"],
    ["22.1.0", "ok"],
    ["100.0.0", "ok"],
    ["20.18.9", "failed"],
    ["18.20.4", "failed"],
    ["20", "failed"],
    ["", "failed"],
  ])("%s is %s", (version, state) => {
    expect(checkNode(version).state).toBe(state);
  });

  it("comes with what to install", () => {
    expect(tell(checkNode("18.20.4"))).toBe(
      "failed: Node 18.20.4 is older than 20.19 -> install Node 20.19 or later",
    );
  });
});

describe("the environment", () => {
  it("with nothing of interest is fine", () => {
    expect(
      checkEnvironment({ PATH: "/bin", HTTPS_PROXY: "", NODE_EXTRA_CA_CERTS: "x" }, false),
    ).toMatchObject({ state: "ok" });
    expect(checkEnvironment({ NODE_TLS_REJECT_UNAUTHORIZED: "1" }, true)).toMatchObject({
      state: "ok",
    });
  });

  it.each(["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])(
    "with %s says that it is not used",
    (name) => {
      const told = tell(checkEnvironment({ [name]: "http://user:pass@proxy.example.com" }, false));
      expect(told).toMatch(new RegExp(`^warning: ${name} is set, and Callform uses no proxy`));
      expect(told).not.toMatch(/pass|proxy\.example/);
    },
  );

  it("names every proxy at once", () => {
    const told = tell(checkEnvironment({ HTTPS_PROXY: "a", all_proxy: "b" }, false));
    expect(told).toContain("HTTPS_PROXY, all_proxy are set");
  });

  it("that turns verification off is worth a warning", () => {
    const told = tell(checkEnvironment({ NODE_TLS_REJECT_UNAUTHORIZED: "0" }, false));
    expect(told).toMatch(/^warning: NODE_TLS_REJECT_UNAUTHORIZED=0.*--ca-file$/);
  });

  it("has authorities that a further one switches off", () => {
    const told = tell(checkEnvironment({ NODE_EXTRA_CA_CERTS: "corp.pem" }, true));
    expect(told).toContain("NODE_EXTRA_CA_CERTS is set, and has no effect beside --ca-file");
  });
});

describe("the digest key", () => {
  it.each([
    [undefined, "ok: CALLFORM_DIGEST_KEY is not set: the client secret signs plans -> "],
    ["a long and random value".replaceAll(" ", "-"), "ok: CALLFORM_DIGEST_KEY is set -> "],
  ])("may be %s", (key, told) => {
    expect(tell(checkDigestKey({ CALLFORM_DIGEST_KEY: key }))).toBe(told);
  });

  it.each(["", " ", "\n"])("that is empty (%j) is worth a warning", (key) => {
    const told = tell(checkDigestKey({ CALLFORM_DIGEST_KEY: key }));
    expect(told).toMatch(/^warning: CALLFORM_DIGEST_KEY is set but empty/);
  });

  it("with a line end is worth one too, and is never shown", () => {
    const told = tell(checkDigestKey({ CALLFORM_DIGEST_KEY: "Canary77\n" }));
    expect(told).toMatch(/^warning: CALLFORM_DIGEST_KEY ends with a line end/);
    expect(told).not.toContain("Canary77");
  });
});

describe("what copying leaves on a credential", () => {
  it.each([
    ["a line end", "key\n", "ends with a line end"],
    ["Windows's line end", "key\r\n", "ends with a line end"],
    ["a blank before it", " key", "has blanks around it"],
    ["a tab after it", "key\t", "has blanks around it"],
    ["double quotes", '"key"', "stands in quotes"],
    ["single quotes", "'key'", "stands in quotes"],
    ["a blank inside", "my key", "has a blank or an invisible character in it"],
    ["a zero-width space", "my\u200Bkey", "has a blank or an invisible character in it"],
    ["a byte order mark", "\uFEFFkey", "has blanks around it"],
    ["a no-break space inside", "my\u00A0key", "has a blank or an invisible character in it"],
  ])("is seen: %s", (_, value, flaw) => {
    expect(findFlaw(value)).toBe(flaw);
    expect(mend(value)).toMatch(/^(my)?key$/);
  });

  it("is nothing on a key of letters, digits and signs", () => {
    const sign = fc.constantFrom(..."abcXYZ0189-_+/=.~!$%&*()[]{}<>@#^|;:,?".split(""));
    fc.assert(
      fc.property(fc.string({ unit: sign, minLength: 1 }), (key) => {
        expect(findFlaw(key)).toBeUndefined();
        expect(mend(key)).toBe(key);
      }),
    );
  });

  it("is gone after mending, whatever it was", () => {
    const inner = fc.string({ unit: fc.constantFrom("a", "b", "c", "0", "1", "9"), minLength: 1 });
    const dirt = fc.constantFrom("", " ", "\n", "\r\n", "\t", "\u200B", "\u00A0");
    const quote = fc.constantFrom("", '"', "'");
    fc.assert(
      fc.property(inner, dirt, dirt, quote, (key, left, right, mark) => {
        expect(mend(`${left}${mark}${key}${mark}${right}`)).toBe(key);
        expect(findFlaw(mend(`${left}${mark}${key}${mark}${right}`))).toBeUndefined();
      }),
    );
  });
});
