import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  Tabs,
  createAll,
} from "govuk-frontend";

import { startDiagrams } from "./app/diagrams.js";
import { startShortcuts } from "./app/shortcuts.js";
import { followEarlier } from "./app/earlier.js";
import { followKept } from "./app/kept.js";
import { startLive } from "./app/live.js";
import { startPapers } from "./app/papers.js";

// Words of these components come translated in the data-i18n attributes of their markup.
createAll(Button, { preventDoubleClick: true });
for (const component of [
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  Tabs,
]) {
  createAll(component);
}

startDiagrams(document);
startShortcuts(document);
followKept(document);
startLive(document);
startPapers(document);
followEarlier(document);
