import { describe, expect, it } from "vitest";
import { findWeakness } from "../../src/domain/secret-rule.ts";

describe("a secret", () => {
  it.each(["", "1", "910", " 91 ", "\n\n\n\nabc", "true", "NULL", "CallFlowApp", "Update"])(
    "that no mask can keep is refused, and the reason does not tell it: %j",
    (value) => {
      const reason = findWeakness(value);
      expect(reason).toMatch(/^it /);
      if (value.length > 4) expect(reason).not.toContain(value);
    },
  );

  it.each(["4711", "9042", "a1b2", "truer", "Passw0rd!", "密码密码"])("is taken: %j", (value) => {
    expect(findWeakness(value)).toBeUndefined();
  });
});
