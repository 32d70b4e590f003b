// Stands first in the body, so that pages do not jump once the other scripts arrive.
document.body.classList.add("js-enabled", "govuk-frontend-supported");
