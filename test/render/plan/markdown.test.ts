import { describe, expect, it } from "vitest";
import {
  escapeMarkdown,
  renderPlanMarkdown,
  renderProblemList,
} from "../../../src/render/plan/markdown.ts";
import { CREATE, FULL, makePlan, PROBLEMS, SPLIT } from "../../support/render/samples.ts";

describe("a plan for a review", () => {
  it("has the summary first, then a table, then each change to unfold", () => {
    expect(renderPlanMarkdown(FULL)).toMatchInlineSnapshot(`
      "## Callform plan for production

      **Plan: 2 to create, 1 to update, 1 to delete, 14 unchanged.**

      | change | resource | fields |
      |---|---|---|
      | + create | CallFlowApp 806 "afterhours" | name, trunk, groups, scriptCode |
      | + create | CallFlowApp 810 "afterhours"  \\(was 801\\) |  |
      | ~ update | CallFlowApp \\*39 "lobby" | routingType, trunk, transcriptionMode, scriptCode |
      | - delete | CallFlowApp 801 "old" | name, routingType |

      <details>
      <summary>+ CallFlowApp 806 "afterhours"</summary>

      - \`name\`: \`"afterhours"\`
      - \`trunk\`: \`(none)\`
      - \`groups\`: \`[{ name: "DEFAULT", role: "users" }]\`
      - \`scriptCode\`: \`(2 lines)\`

      \`\`\`diff
      @@ -0,0 +1,2 @@
      +a
      +b
      \`\`\`

      </details>

      <details>
      <summary>+ CallFlowApp 810 "afterhours"  (was 801)</summary>


      </details>

      <details>
      <summary>~ CallFlowApp *39 "lobby"</summary>

      - \`routingType\`: \`"Forward" -> "Trunk"\`
      - \`trunk\`: \`(none) -> { number: "10001" }\`
      - \`transcriptionMode\`: \`changed (contains a secret, not shown)\`

      \`\`\`diff
      @@ -1,2 +1,2 @@
       a
      -b
      +c
      \`\`\`

      </details>

      <details>
      <summary>- CallFlowApp 801 "old"</summary>

      - \`name\`: \`"old"\`
      - \`routingType\`: \`(contains a secret, not shown)\`

      </details>

      This plan is partial: flags or paths left manifests out.

      No longer in Git and no longer managed, left alone because of prune: 901.

      Not in any manifest, left alone: 900.
      "
    `);
  });

  it("has a section for each origin when there is a base", () => {
    expect(renderPlanMarkdown(SPLIT)).toMatchInlineSnapshot(`
      "## Callform plan for production

      **Plan: 0 to create, 1 to update, 1 to delete, 0 unchanged.**

      ### Changed in Git

      | change | resource | fields |
      |---|---|---|
      | ~ update | CallFlowApp \\*39 "lobby" | name |
      | - delete | CallFlowApp 801 "old" | name, routingType |

      <details>
      <summary>~ CallFlowApp *39 "lobby"</summary>

      - \`name\`: \`"a" -> "b"\`

      </details>

      <details>
      <summary>- CallFlowApp 801 "old"</summary>

      - \`name\`: \`"old"\`
      - \`routingType\`: \`(contains a secret, not shown)\`

      </details>

      ### Drift: changed on the PBX and not in Git; applying puts it back

      | change | resource | fields |
      |---|---|---|
      | ~ update | CallFlowApp \\*39 "lobby" | routingType |

      <details>
      <summary>~ CallFlowApp *39 "lobby"</summary>

      - \`routingType\`: \`"Trunk" -> "Forward"\`

      </details>

      ### Conflict: changed on both sides, differently; applying overwrites the PBX

      | change | resource | fields |
      |---|---|---|
      | ~ update | CallFlowApp \\*39 "lobby" | trunk |

      <details>
      <summary>~ CallFlowApp *39 "lobby"</summary>

      - \`trunk\`: \`{ number: "1" } -> (none)\`

      </details>
      "
    `);
  });

  it("is short when nothing changes, and ends with its problems", () => {
    expect(renderPlanMarkdown(makePlan({ problems: PROBLEMS }))).toMatchInlineSnapshot(`
      "## Callform plan for production

      **Plan: 0 to create, 0 to update, 0 to delete, 14 unchanged.**

      - **error** \`apps/menu.cs:12:5\` \`script-refused\` CS0103: The name 'x' does not exist
      - **warning** \`apps/806.yaml:7:3\` \`trunk-unused\` a trunk is named (set routingType: Trunk, or remove the trunk)
      - **info** \`CallFlowApp 806\` \`script-refused-state\` the old one still runs
      - **error** \`guard-max-deletes\` the plan deletes 3 (allow it)
      "
    `);
  });

  it("has the summary line that scripts may look for, on a line of its own", () => {
    const summary = { create: 2, update: 1, delete: 0, unchanged: 14 };
    expect(renderPlanMarkdown(makePlan({ summary })).split("\n")).toContain(
      "**Plan: 2 to create, 1 to update, 0 to delete, 14 unchanged.**",
    );
  });

  it("fences a diff with more backticks than any line of it has", () => {
    const diff = "@@ -1,2 +1,2 @@\n ````\n-```\n+`````";
    const field = { field: "scriptCode", before: "x", after: "y", diff };
    const shown = renderPlanMarkdown(makePlan({ changes: [{ ...CREATE, fields: [field] }] }));
    expect(shown).toContain(`\n\`\`\`\`\`\`diff\n${diff}\n\`\`\`\`\`\`\n`);
  });

  it("shows values as code that they cannot leave", () => {
    const field = { field: "name", before: "a`b", after: "c``d | e" };
    const changes = [{ ...CREATE, op: "update" as const, fields: [field] }];
    const shown = renderPlanMarkdown(makePlan({ changes }));
    expect(shown).toContain('- `name`: ``` "a`b" -> "c``d | e" ```');
  });

  it("does not escape in HTML what only Markdown takes for a sign", () => {
    const changes = [{ ...CREATE, key: "*39", title: "a_b <c> & @d", fields: [] }];
    const shown = renderPlanMarkdown(makePlan({ changes }));
    expect(shown).toContain('<summary>+ CallFlowApp *39 "a_b &lt;c&gt; &amp; @\u2060d"</summary>');
    expect(shown).toContain('CallFlowApp \\*39 "a\\_b &lt;c&gt; &amp; @\u2060d"');
  });
});

describe("a list of problems for a review", () => {
  it("has a line for each with place or subject, code, words and advice", () => {
    expect(renderProblemList(PROBLEMS)).toMatchInlineSnapshot(`
      "- **error** \`apps/menu.cs:12:5\` \`script-refused\` CS0103: The name 'x' does not exist
      - **warning** \`apps/806.yaml:7:3\` \`trunk-unused\` a trunk is named (set routingType: Trunk, or remove the trunk)
      - **info** \`CallFlowApp 806\` \`script-refused-state\` the old one still runs
      - **error** \`guard-max-deletes\` the plan deletes 3 (allow it)"
    `);
  });

  it("is empty without problems", () => {
    expect(renderProblemList([])).toBe("");
  });
});

describe("escaped text", () => {
  it.each([
    ["*bold* _it_ ~x~", "\\*bold\\* \\_it\\_ \\~x\\~"],
    ["[a](b) ![c]", "\\[a\\]\\(b\\) \\!\\[c\\]"],
    ["`code` | cell", "\\`code\\` \\| cell"],
    ["a\\|b", "a\\\\\\|b"],
    ["<b> & &lt;", "&lt;b&gt; &amp; &amp;lt;"],
    ["@octocat", "@\u2060octocat"],
    ["https://evil.test www.evil.test", "https:\u2060//evil.test www\u2060.evil.test"],
    ["GH-1 gh-12 GH-x #a", "GH-\u20601 gh-\u206012 GH-x \\#a"],
    ["$x$ #1", "\\$x\\$ \\#\u20601"],
    ["one\ntwo", "one\\\\ntwo"],
    ["\u001B[0m", "\\\\u\\{1b\\}\\[0m"],
    ["plain text, 100 %.", "plain text, 100 %."],
  ])("of %j is %j", (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
  });
});
