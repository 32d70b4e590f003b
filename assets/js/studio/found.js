/* What is wrong with a file, as the server said it when the file was saved. */

const TAGS = { error: "red", warning: "yellow", info: "grey" };

/**
 * Draw findings as templates/studio/_findings.html does.
 *
 * @param {Element} place
 * @param {{severity: string, text: string, fix: string, help?: string}[]} findings
 * @param {Record<string, string>} words {error, warning, info, help, none}
 */
export function showFound(place, findings, words) {
  if (findings.length === 0) {
    place.replaceChildren(make("p", { className: "govuk-body", textContent: words.none }));
    return;
  }
  const list = make("ul", { className: "govuk-list app-findings" });
  list.append(...findings.map((finding) => row(finding, words)));
  place.replaceChildren(list);
}

function row(finding, words) {
  const made = make("li", { className: `app-findings__one app-findings__one--${finding.severity}` });
  const tag = make("strong", { textContent: words[finding.severity] });
  tag.className = `govuk-tag govuk-tag--${TAGS[finding.severity]}`;
  const fix = make("span", { className: "app-findings__fix", textContent: finding.fix });
  if (finding.help) {
    const link = make("a", { href: finding.help, textContent: words.help });
    link.className = "govuk-link govuk-link--no-visited-state";
    link.append(make("span", { className: "govuk-visually-hidden", textContent: `: ${finding.text}` }));
    fix.append(" ", link);
  }
  made.append(tag, " ", make("span", { className: "app-findings__text", textContent: finding.text }), fix);
  return made;
}

function make(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}
